import { deadlinesSection } from '../deadlines-section.ts';
import { parseDuration } from '../duration.ts';
import { type Flaw, type Problem, warningAt } from '../problem.ts';
import { field, type Spot, textOf } from '../spot.ts';

/** Where less is kept than somebody will want: allowed, and said. What an open loop needs is never pruned, whatever is written. */
export function retentionProblems(root: Spot): Problem[] {
  const [bodies, entries] = ['bodies', 'entries'].map((name) => field(root, 'engine', 'retention', name));
  if (bodies === undefined || entries === undefined) return [];
  const keptBodies = read(bodies);
  const keptEntries = read(entries);
  const longest = longestSilence(field(root, 'engine', 'deadlines'));
  return [
    ...(keptEntries < keptBodies ? [warningAt(entries.path, ENTRIES_FIRST)] : []),
    ...[bodies, entries].filter((spot) => read(spot) < longest).map((spot) => warningAt(spot.path, SHORT)),
  ];
}

/** For ever where nothing is written, and where the schema objects. */
function read(spot: Spot): number {
  const text = textOf(spot);
  return (text === undefined ? undefined : parseDuration(text)) ?? Number.POSITIVE_INFINITY;
}

/** As long a loop may be silent and still be on time. */
function longestSilence(deadlines: Spot): number {
  const parsed = deadlinesSection.safeParse(deadlines.value ?? {});
  if (!parsed.success) return 0;
  const { states, ...kinds } = parsed.data;
  return Math.max(...Object.values(kinds), ...Object.values(states));
}

const ENTRIES_FIRST: Flaw = {
  rule: 'config/entries-before-bodies',
  message: 'Entries are pruned before the bytes that they vouch for: nothing would prove those bytes any more.',
  remedy: 'Keep entries at least as long as bodies.',
};

const SHORT: Flaw = {
  rule: 'config/short-retention',
  message: 'This is shorter than a loop may be silent and still be on time (`engine.deadlines`).',
  remedy:
    'Keep it longer. What an open loop, a hold or waiting work needs is kept all the same; of a closed one nothing could be looked up or replayed.',
};
