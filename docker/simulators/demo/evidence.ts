import type { FhirResource } from 'fhir/r4.js';
import type { Seen } from '../gp-practice/poller.ts';
import type { Case } from '../platform/dialect.ts';
import type { Answered } from '../platform/report-sender.ts';
import type { Person } from './people.ts';
import { type Loop, readLoops } from './read-loops.ts';
import type { Sent } from './send-referrals.ts';
import type { World } from './world.ts';

/** What one platform really received, and what it was answered. */
export interface PlatformEvidence {
  readonly partner: string;
  readonly cases: readonly Case[];
  readonly answered: readonly Answered[];
}

/** Everything that the figures are counted from: the engine's record, and what its partners really hold. */
export interface Evidence {
  readonly people: readonly Person[];
  readonly sent: readonly Sent[];
  readonly loops: readonly Loop[];
  readonly platforms: readonly PlatformEvidence[];
  /** Riverside's record. */
  readonly filed: {
    readonly resources: readonly FhirResource[];
    /** `Type/id` of each. */
    readonly names: ReadonlySet<string>;
    /** X-Request-Ids of the transactions. */
    readonly transactions: ReadonlySet<string>;
  };
  /** What Hillview saw when it asked. */
  readonly polled: {
    readonly tasks: ReadonlyMap<string, Seen>;
    readonly results: ReadonlySet<string>;
  };
}

export async function gatherEvidence(
  world: World,
  people: readonly Person[],
  sent: readonly Sent[],
): Promise<Evidence> {
  const loops = await readLoops(world.store);
  const { record, filed } = world.practice;
  return {
    people,
    sent,
    loops,
    platforms: (['casework', 'springboard'] as const).map((partner) => ({
      partner,
      cases: [...world[partner].cases()],
      answered: [...world[partner].answered()],
    })),
    filed: {
      resources: record.resources(),
      names: new Set(record.versions().keys()),
      transactions: new Set(filed()),
    },
    polled: { tasks: world.poller.seen(), results: new Set(world.poller.results().keys()) },
  };
}

/** The loop of a person, by NHS number. */
export function loopOf(person: Person, { loops }: Evidence): Loop | undefined {
  return loops.find((loop) => loop.nhsNumber === person.nhsNumber);
}
