import { afterEach, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { patient, postEntry, serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { itemsOf } from '../fixtures/instruments/printed-means.ts';
import { gpTerms, untilClosed } from '../fixtures/town/look.ts';
import { postSigned, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
afterEach(() => town.stop());

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

interface Size {
  readonly telecoms?: number;
  readonly entries?: number;
  readonly notes?: number;
}

/** A referral blown up: telecoms of the patient, notes of the request, and entries that it refers to. */
function referralOf({ telecoms = 1, entries = 6, notes = 1 }: Size): Bundle<FhirResource> {
  const organisation = (index: number) => `urn:uuid:5b1d0f6a-0000-4000-9000-${String(index).padStart(12, '0')}`;
  const plain = transactionReferral({
    patient: patient({ telecom: times(telecoms, (index) => ({ system: 'phone', value: `01632 ${960_000 + index}` })) }),
    request: serviceRequest({
      note: times(notes, (index) => ({ text: `Note ${index}` })),
      supportingInfo: times(Math.min(200, entries - 6), (index) => ({ reference: organisation(index) })),
    }),
  });
  const more = times(entries - 6, (index) =>
    postEntry(organisation(index), {
      resourceType: 'Organization',
      name: `Organisation ${index}`,
      identifier: [{ system: 'https://gp.example/organisation', value: String(index) }],
      partOf: { reference: organisation(Math.floor(index / 2)) },
    }),
  );
  return { ...plain, entry: [...(plain.entry ?? []), ...more] };
}

/** A report with so many assessments, each with its answers. */
async function report(assessments: number) {
  const one = await untilReferred(town);
  const said = casework.report(one, { afterMs: 0, status: 'closed-completed' }, new Date());
  const body = JSON.stringify({
    ...(typeof said === 'object' ? said : {}),
    assessments: times(assessments, (index) => ({
      tool: 'SWEMWBS',
      stage: `session ${index}`,
      date: '2026-11-20',
      total: 7 + (index % 28),
      items: itemsOf(7 + (index % 28), 7),
    })),
  });
  return postSigned(town, { to: 'casework', secret: town.secrets.casework, body });
}

const rulesIn = (answer: { readonly body: { issue: { expression?: string[]; diagnostics?: string }[] } }) =>
  answer.body.issue.map(({ expression }) => expression?.[0]);

describe('a message as large as is allowed', () => {
  it('goes all its way, and what is reported on it as well', async () => {
    town = await startTown();
    const { task } = await town.gp.refer(referralOf({ telecoms: 200, notes: 200, entries: 500 }));
    expect((await report(100)).status).toBe(202);
    await untilClosed(town, task);
    expect(gpTerms(town)).toContain('Completed');
    expect(gpTerms(town).filter((term) => term === 'SWEMWBS')).toHaveLength(100);
  });
});

describe('a message that is larger', () => {
  it.each([
    ['items of a list', { telecoms: 201 }, ['Bundle.entry[1].resource.telecom']],
    ['entries', { entries: 501 }, ['Bundle.entry']],
    ['both', { notes: 300, entries: 600 }, ['Bundle.entry']],
  ])('is refused at the door for its %s, each place named, and nothing comes of it', async (_what, size, places) => {
    town = await startTown();
    const answer = await town.gp.send('', referralOf(size));
    expect(answer.status).toBe(400);
    expect(rulesIn(answer)).toEqual(places);
    expect(answer.text).toContain('at most');
    expect(await town.store.loops({ limit: 5 })).toEqual([]);
    expect(await town.store.journal({ kind: 'message.refused', limit: 5 })).toHaveLength(1);
  });

  it('is refused when it is too much altogether, and as the operator configured it', async () => {
    town = await startTown({ limits: 'maxNodes: 1000, maxReportItems: 10' });
    const answer = await town.gp.send('', referralOf({ entries: 100 }));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('more values');
    await town.gp.refer(referralOf({ entries: 10 }));
    const tooLong = await report(11);
    expect(tooLong.status).toBe(400);
    expect(await tooLong.json()).toMatchObject({
      errors: [{ pointer: '/assessments', rule: 'json/too-many-items', remedy: expect.any(String) }],
    });
    expect((await report(10)).status).toBe(202);
  });
});
