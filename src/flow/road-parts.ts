import type { BackoffOptions } from '../core/backoff.ts';
import type { MakeDocument } from '../core/document/readable-document.ts';
import type { R4Model } from '../core/fhir/model.ts';
import type { Deadlines } from '../core/loop/promises/deadlines.ts';
import type { AckLevel } from '../core/loop/promises/promise.ts';
import type { ReadBackPolicy } from '../core/loop/read-back/reading.ts';
import type { WriteBackRules } from '../core/loop/write-back-rules.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Channel, Message, Purpose } from '../core/message.ts';
import type { InstrumentSet } from '../core/outcomes/instrument-set.ts';
import type { Route } from '../core/routing/choose-routes.ts';
import type { Terminology } from '../core/terminology/terminology.ts';
import type { Clock, Ids, Log, Meter, Outlet, RecordReader, Trace } from '../ports.ts';
import type { Store } from '../ports-record.ts';

/** A partner as the road needs to know it; credentials and addresses stay with the adapters. */
export interface RoadPartner {
  readonly id: string;
  readonly kind: 'gp-system' | 'vcse-platform';
  readonly organisation: { readonly name: string; readonly ods?: string };
  /** How it is sent to; absent when it has no outlet and comes to fetch. */
  readonly outward?: {
    readonly channel: Channel;
    /** The level that keeps a delivery's promise. */
    readonly level: AckLevel;
    readonly mappings: ReadonlyMap<Purpose | 'answer', CompiledMapping>;
    /** How its record is read after a write; absent where it is not. */
    readonly readBack?: ReadBackPolicy;
    /** What a GP system wants of what is written back; as usual when left out. */
    readonly writeBack?: WriteBackRules;
  };
}

/** Everything the road is given. Built by wire-road.ts, once in an engine. */
export interface RoadParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: Meter;
  readonly trace: Trace;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
  readonly partners: ReadonlyMap<string, RoadPartner>;
  readonly outlets: ReadonlyMap<string, Outlet>;
  /** Of the partners whose records are read back. */
  readonly readers: ReadonlyMap<string, RecordReader>;
  /** Inbound mappings by name. */
  readonly reportMappings: ReadonlyMap<string, CompiledMapping>;
  readonly routes: readonly Route[];
  readonly terminology: Terminology;
  readonly makePdf: MakeDocument;
  /** What answers and scores are judged by. */
  readonly instruments: InstrumentSet;
  readonly r4: R4Model;
  readonly policy: Policy;
  readonly deadlines: Deadlines;
  readonly retry: (partner: string) => BackoffOptions;
  /** The name of the mapping that reads this report of a platform's. */
  readonly reportMappingOf: (report: Pick<Message, 'partner' | 'channel' | 'headers'>) => string | undefined;
  /** A version of a mapping that the record keeps, by its digest; undefined when it keeps none or cannot run it. */
  readonly keptMapping: (digest: string) => Promise<CompiledMapping | undefined>;
  /** How long a report waits, try by try, for the referral it speaks of to become known; usual when left out. */
  readonly patienceMs?: readonly number[];
}

/** What can be replaced while the road is in use. */
export type Replaceable = Pick<
  RoadParts,
  'partners' | 'reportMappings' | 'terminology' | 'instruments' | 'keptMapping'
>;

export interface Policy {
  /** What a wrong NHS number means: `refuse` when live, `warn` in a named test mode (published examples fail the check). */
  readonly nhsNumberCheck: 'refuse' | 'warn';
  /** The value set that a requested service must belong to. */
  readonly serviceValueSet: string;
}

/** The engine's own name where a partner id is expected. */
export const HEARBACK = 'hearback';
