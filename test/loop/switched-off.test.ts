import { afterEach, describe, expect, it } from '@jest/globals';
import type { DocumentReference } from 'fhir/r4.js';
import { readPdf } from '../fixtures/document/read-pdf.ts';
import { type AshTown, startAshTown } from '../fixtures/records/ash-town.ts';
import { loopOf, untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { until } from '../fixtures/town/until.ts';

let town: AshTown;
afterEach(() => town.stop());

const HELPED = { status: 'closed-completed', note: 'Joined a walking group.', after: { total: 26 } } as const;

function documents(): DocumentReference[] {
  return town.record.resources().flatMap((one) => (one.resourceType === 'DocumentReference' ? [one] : []));
}

const textOf = (one: DocumentReference | undefined) =>
  readPdf(Buffer.from(one?.content[0]?.attachment.data ?? '', 'base64')).pages.join('\n');

describe('a practice that has switched structured entries off', () => {
  it('gets a document instead, and the loop is closed by that route and says so', async () => {
    town = await startAshTown({ habits: { refusesEntries: true }, outlet: ['writeBack: { fallback: document }'] });
    const task = await town.refers();
    await town.says(HELPED);
    const loop = await untilClosed(town, task);
    expect(loop.closure.level).toBe('read-back');
    expect(loop.closure.labels).toEqual([expect.stringMatching(/^told by document/)]);
    const [structured, document] = loop.sent.filter(({ partner }) => partner === 'ash');
    expect(structured).toMatchObject({ purpose: 'write-back', status: 'refused' });
    expect(document).toMatchObject({ purpose: 'document', ack: 'read-back', tells: structured?.tells });
    expect(await town.store.holds({ open: true })).toEqual([]);
    const text = textOf(documents()[0]);
    for (const words of ['Completed', 'Joined a walking group.', '26', 'Ayo Bankole', 'Thistlewood', '9990000018']) {
      expect(text).toContain(words);
    }
    const certificate = await runCommand('loop', loop.id, '--certificate', '-c', town.configFile);
    expect(certificate.printed).toMatch(/label: told by document/);
    expect(certificate.printed).toMatch(/document as document to ash: acknowledged/);
  });

  it('gets documents alone where that is known before', async () => {
    town = await startAshTown({ outlet: ['writeBack: { structured: false, fallback: document, items: digest }'] });
    const task = await town.refers();
    await town.says({ status: 'accepted' }, { status: 'did-not-attend' }, HELPED);
    const loop = await untilClosed(town, task);
    expect(documents()).toHaveLength(1);
    expect(town.record.resources()).toHaveLength(1);
    expect(textOf(documents()[0])).toContain('281399006');
    expect(loop.closure.labels).toEqual([expect.stringMatching(/^told by document/)]);
  });

  it('is a question to a person where no document is wanted, as before', async () => {
    town = await startAshTown({ habits: { refusesEntries: true } });
    await town.refers();
    await town.says(HELPED);
    expect((await untilHeld(town, 'refused-delivery')).partner).toBe('ash');
    expect(documents()).toEqual([]);
  });

  it('is a question to a person when the document is refused, too', async () => {
    town = await startAshTown({ habits: { refusesEntries: true }, outlet: ['writeBack: { fallback: document }'] });
    town.record.habits.refusesAll = true;
    const task = await town.refers();
    await town.says(HELPED);
    const hold = await untilHeld(town, 'refused-delivery');
    expect(hold.findings[0]?.message).toContain('refused the document');
    expect((await loopOf(town, task)).status).toBe('open');
  });
});

describe('what the patient should not see', () => {
  it('reaches the record labelled, and a record that drops the label is held', async () => {
    town = await startAshTown({
      habits: {
        changes: (one) => {
          const { meta: _, ...rest } = one;
          return rest as typeof one;
        },
      },
    });
    await town.refers();
    await town.says({ status: 'safeguarding', note: 'Please ring us.' });
    const hold = await untilHeld(town, 'not-kept');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['read-back/view-lost']);
    const label = town.record.taken[0]?.entry?.find(({ resource }) => resource?.resourceType === 'Observation')
      ?.resource?.meta;
    expect(label?.security).toMatchObject([{ code: 'NOPAT' }]);
  });

  it('waits for a person where the practice wants that', async () => {
    town = await startAshTown({ outlet: ['writeBack: { notForPatientView: hold }'] });
    await town.refers();
    await town.says({ status: 'safeguarding', note: 'Please ring us.' });
    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['write-back/patient-view']);
    expect(town.record.taken).toEqual([]);
    await personDecides(town, hold, 'retry', 'they will not show it to her');
    await until('it was sent', () => town.record.taken.length === 1);
  });
});
