import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, untilClosed } from '../fixtures/town/look.ts';
import { platformSays, type Said, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const HOUR = 3_600_000;
const STORY: readonly Said[] = [
  { status: 'accepted' },
  { status: 'did-not-attend', note: 'Bus was late.' },
  { status: 'active', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
  { status: 'safeguarding', note: 'Please ring us.' },
  { status: 'assessment', after: { total: 24 } },
  { status: 'closed-completed', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } },
];

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

/** The story with a time for each report, so that a repeat says the same. */
function dated(): Said[] {
  const start = Date.now() - 10 * HOUR;
  return STORY.map((said, place) => ({ ...said, id: `msg_${randomUUID()}`, at: new Date(start + place * HOUR) }));
}

async function tell(order: readonly Said[]): Promise<void> {
  const { task } = await town.gp.refer(transactionReferral());
  await untilReferred(town);
  for (const said of order) expect(await platformSays(town, said)).toBe(202);
  const { id } = await untilClosed(town, task);
  const different = new Set(order.map((said) => said.id)).size;
  await until('every report was read', async () => {
    const reports = (await town.store.messagesOf(id)).filter(({ identity }) => identity.startsWith('msg_'));
    return reports.length === different;
  });
  await untilClosed(town, task);
}

const told = () =>
  gpEntries(town)
    .map(({ term, value }) => (value === undefined ? term : `${term}: ${value}`))
    .sort();

const ONCE = [
  'Accepted by the service',
  'Completed',
  'Did not attend',
  'Escalated back to the GP',
  'Questionnaire SWEMWBS: 7 answers',
  'Questionnaire SWEMWBS: 7 answers',
  'SWEMWBS: 19',
  'SWEMWBS: 24',
  'SWEMWBS: 26',
];

describe('a platform that repeats itself', () => {
  it('does not double the GP record when every report comes twice under its id', async () => {
    await tell(dated().flatMap((said) => [said, said]));
    expect(told()).toEqual(ONCE);
  });

  it('does not double the GP record when every report comes again under a new id', async () => {
    await tell(dated().flatMap((said) => [said, { ...said, id: `msg_${randomUUID()}` }]));
    expect(told()).toEqual(ONCE);
  });

  it('tells the GP the same when the reports come last first, and then all again', async () => {
    const story = dated();
    await tell([...story.toReversed(), ...story]);
    expect(told()).toEqual(ONCE);
  });
});
