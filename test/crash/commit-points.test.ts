import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashTown } from '../fixtures/crash/crash-town.ts';
import type { Death } from '../fixtures/crash/dying-store.ts';
import { type Nursery, newNursery } from '../fixtures/crash/engine-child.ts';
import type { Evidence } from '../fixtures/crash/evidence.ts';
import { findDisordered } from '../fixtures/crash/find-disordered.ts';
import { findDoubled } from '../fixtures/crash/find-doubled.ts';
import { findLost } from '../fixtures/crash/find-lost.ts';
import { runStory } from '../fixtures/crash/run-story.ts';
import { seeded } from '../fixtures/crash/seeded.ts';
import { STORIES, type Story } from '../fixtures/crash/stories.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';

type StoryName = keyof typeof STORIES;
type Point = readonly [what: string, at: string, story: StoryName, call?: number];

/**
 * Every commit point of the road: what it is, the write (operation, kind of work, its outcome, the events it records, the legs
 * it queues or settles), a story that comes by it, and the how manieth such write it is there.
 */
const COMMITS: readonly Point[] = [
  ['a start: what is loaded is written down', 'apply configuration.loaded', 'completed'],
  ['intake of a referral', 'receive fhir-transaction', 'completed'],
  ['intake of a changed Task (GP PUT Task)', 'receive fhir-update', 'cancelled'],
  ['intake of a report', 'receive platform-report', 'completed'],
  ['intake of a later report', 'receive platform-report', 'completed', 3],
  ['onward of a referral', 'commit onward done - referral', 'completed'],
  ['onward of a cancellation', 'commit onward done - cancel', 'cancelled'],
  ['onward of a referral that no route takes', 'commit onward held unmet-need write-back', 'noRoute'],
  ['onward of a report', 'commit onward done accepted write-back', 'completed'],
  ['onward of a report with results', 'commit onward done in-progress,outcome-recorded write-back', 'completed'],
  ['onward of the last report', 'commit onward done completed write-back', 'completed'],
  ['onward of a report that the GP must fetch', 'commit onward done completed -', 'polled'],
  ['onward of a report with an unmapped word', 'commit onward held - -', 'unmapped'],
  ['settle: the referral delivered', 'commit settle done - referral', 'completed'],
  ['onward of a referral that goes as two messages', 'commit onward done - referral,referral', 'several'],
  ['settle: the first of two messages delivered', 'commit settle done - referral', 'several'],
  ['settle: the second of two messages delivered', 'commit settle done - referral', 'several', 2],
  ['settle: the cancellation delivered', 'commit settle done - cancel', 'cancelled'],
  ['settle: the platform is down', 'commit settle again - referral', 'platformDown'],
  ['settle: the platform refuses', 'commit settle held - referral', 'refused'],
  ['settle: written back to the GP', 'commit settle done - write-back', 'completed'],
  ['settle: the last write-back, which closes the loop', 'commit settle done - write-back', 'completed', 3],
  ['settle: the GP record is down', 'commit settle again - write-back', 'practiceDown'],
  ['deadline: nobody answered', 'commit deadline done no-answer write-back', 'silent'],
  ['deadline: answered in time', 'commit deadline done - -', 'inTime'],
  ['a polling read', 'apply resource.read', 'polled'],
  ['what a polling read keeps', 'apply promise.kept', 'polled'],
  ['a person has the delivery tried again', 'resolveHold retry', 'refused'],
  ['a person drops what waited', 'resolveHold abandon', 'unmapped'],
];

/** A claim is a commit too. A death before it is the death after the commit that queued its work. */
const CLAIMS: readonly Point[] = [
  ['claim of a referral', 'claim onward', 'completed'],
  ['claim of a report', 'claim onward', 'completed', 2],
  ['claim of a delivery', 'claim settle casework', 'completed'],
  ['claim of the second of two messages', 'claim settle casework', 'several', 2],
  ['claim of a write-back', 'claim settle riverside', 'completed'],
  ['claim of a deadline', 'claim deadline', 'silent'],
];

const SENT: Death = { at: 'commit settle done - referral', when: 'before', call: 1 };
const UNSENT: Death = { at: 'claim settle casework', when: 'after', call: 1 };

/** The writes of one referral's way, up to where the platform speaks for itself and none is sure to be the next. */
const WAY = [
  'receive fhir-transaction',
  'claim onward',
  'commit onward done - referral',
  'claim settle casework',
  'commit settle done - referral',
];

/** How many of the points, chosen by HEARBACK_SEED; all when left out. */
const POINTS = Number(process.env['HEARBACK_CRASH_POINTS'] ?? Number.POSITIVE_INFINITY);
const SEED = Number(process.env['HEARBACK_SEED'] ?? Date.now() % 1_000_000);
const isSample = Number.isFinite(POINTS);
const random = seeded(SEED);
if (isSample) process.stdout.write(`HEARBACK_SEED=${SEED} HEARBACK_CRASH_POINTS=${POINTS}\n`);

function chosen(points: readonly Point[], most: number): readonly Point[] {
  const ranked = points.map((point) => [random(), point] as const).sort(([left], [right]) => left - right);
  return isSample ? ranked.slice(0, most).map(([, point]) => point) : points;
}

let nursery: Nursery;
let town: CrashTown | undefined;
const seen = new Set<string>();

beforeAll(() => {
  nursery = newNursery();
});

afterEach(async () => {
  for (const name of town?.writes() ?? []) seen.add(name);
  await town?.stop();
  town = undefined;
});

afterAll(() => nursery.stop());

/** Tells the story with these deaths, and sees that it comes to the same end as without any. */
async function told(story: Story, deaths: readonly Death[]): Promise<Evidence> {
  const { town: around, evidence, repeatAnswered } = await runStory(story, deaths, nursery);
  town = around;
  const { referred, loops } = evidence;
  const [loop] = loops;
  expect(loops).toHaveLength(1);
  expect(loop?.events.map((event) => event.kind)).toEqual(story.events);
  expect(loop?.referral.status).toBe(story.closed ? 'closed' : 'open');
  expect(repeatAnswered).toBe(referred[0]?.answer.text);

  expect(findDoubled(evidence)).toEqual([]);
  expect(findDisordered(evidence)).toEqual([]);
  expect(findLost(evidence)).toHaveLength(story.dropped ?? 0);

  // A warning is about a partner or a crash; anything else is a fault of our own.
  expect(town.log().filter((line) => !line.includes('"level":"warn"'))).toEqual([]);

  const open = await (await town.record()).holds({ open: true });
  expect(open.map((hold) => hold.kind)).toEqual(story.held ?? []);
  const entries = town.practice.record.patient(NHS_NUMBER).consultations.flatMap((one) => one.entries);
  const scores = entries.filter((entry) => entry.code === '718466001').map((entry) => entry.value);
  expect(scores.sort()).toEqual(story.scores ?? []);
  return evidence;
}

describe('engines killed at a commit point, and restarted, come to the end they would have come to', () => {
  const points = chosen(COMMITS, POINTS).map(([what, at, story, call = 1]) => ({ what, at, story, call }));
  it.each(points)(
    '$what: one before it, and the next after it',
    async ({ at, story, call }) => {
      // What came before it is recorded when the second one starts: there it is the first of its kind.
      await told(STORIES[story], [
        { at, when: 'before', call },
        { at, when: 'after', call: 1 },
      ]);
    },
    240_000,
  );

  const claims = chosen(CLAIMS, Math.ceil(POINTS / 4)).map(([what, at, story, call = 1]) => ({
    what,
    at,
    story,
    call,
  }));
  it.each(claims)(
    '$what: after it',
    async ({ at, story, call }) => {
      await told(STORIES[story], [{ at, when: 'after', call }]);
    },
    240_000,
  );

  const whole = isSample ? it.skip : it;
  whole(
    'the restart itself: before and after the claims of the dead are given back',
    async () => {
      const recovering = (['before', 'after'] as const).map((when): Death => ({ at: 'recover', when, call: 1 }));
      await told(STORIES.completed, [SENT, ...recovering]);
    },
    240_000,
  );

  whole(
    'one death after the other on the way of one referral',
    async () => {
      const deaths = WAY.flatMap((at): Death[] => [
        ...(at.startsWith('claim') ? [] : [{ at, when: 'before' as const, call: 1 }]),
        { at, when: 'after', call: 1 },
      ]);
      await told(STORIES.completed, deaths);
    },
    300_000,
  );
});

(isSample ? describe.skip : describe)('a delivery that was sent and not recorded', () => {
  const arrivals = ({ platforms }: Evidence) => platforms.find(({ partner }) => partner === 'casework')?.arrived ?? [];

  it('is repeated under the same webhook-id with the same bytes where the contract says idempotent', async () => {
    const [first, second, ...more] = arrivals(await told(STORIES.completed, [SENT]));
    expect(second).toEqual({ ...first, status: 200 });
    expect(first?.status).toBe(201);
    expect(more).toEqual([]);
  }, 240_000);

  it('is held and not repeated where the contract does not, and the loop closes when a person has looked', async () => {
    const evidence = await told(STORIES.notIdempotent, [SENT]);
    expect(arrivals(evidence)).toHaveLength(1);
    expect(evidence.loops[0]?.holds.map((hold) => hold.kind)).toEqual(['ambiguous-delivery']);
  }, 240_000);

  it('is held even if it never left, because nobody can know', async () => {
    const evidence = await told(STORIES.notIdempotent, [UNSENT]);
    expect(arrivals(evidence)).toHaveLength(1);
    expect(evidence.loops[0]?.holds.map((hold) => hold.kind)).toEqual(['ambiguous-delivery']);
  }, 240_000);

  it.each(['before', 'after'] as const)(
    'is held once when the engine dies again %s the hold is recorded',
    async (when) => {
      const evidence = await told(STORIES.notIdempotent, [
        SENT,
        { at: 'commit settle held - referral', when, call: 1 },
      ]);
      expect(arrivals(evidence)).toHaveLength(1);
      expect(evidence.loops[0]?.holds).toHaveLength(1);
    },
    240_000,
  );

  it('is not in doubt when it was recorded', async () => {
    const evidence = await told(STORIES.notIdempotent, [{ ...SENT, when: 'after' }]);
    expect(arrivals(evidence)).toHaveLength(1);
    expect(evidence.loops[0]?.holds).toEqual([]);
  }, 240_000);
});

describe('the list of commit points', () => {
  it('names every write that the stories above made', () => {
    const listed = new Set(
      [...COMMITS, ...CLAIMS].map(([, at]) => kindOf(at)).concat('recover', 'apply work.taken-back'),
    );
    expect([...seen].map(kindOf).filter((name) => !listed.has(name))).toEqual([]);
    expect(seen.size).toBeGreaterThan(0);
  });
});

/** Which events a step records is the platform's business; that it records some makes the kind of write. */
function kindOf(name: string): string {
  return name.replace(/^(commit \w+ \w+) [^ -]\S*/, '$1 *');
}
