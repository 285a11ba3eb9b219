import type { Finding } from '../core/finding.ts';
import type { Certificate } from '../core/loop/shown/certificate.ts';
import type { LoopDescription } from '../core/loop/shown/describe-loop.ts';
import type { Coverage } from '../core/mapping/coverage.ts';
import type { Difference } from '../core/mapping/difference.ts';
import type { MappingFrom, MappingTo } from '../core/mapping/direction.ts';
import type { Receipt } from '../core/mapping/receipt/receipt.ts';
import type { UnmappedCode } from '../core/mapping/run-state.ts';
import type { Hold, Leg, MappingStamp, Message } from '../core/message.ts';
import type { ReferralFacts } from '../core/outcomes/outcome-measures.ts';
import type { LogFault } from '../core/seal/log-fault.ts';

/** What pages ask of the engine beside its record, answered by the same code that the commands use. */
export type EngineDesk = LoopDesk & HoldDesk & MessageDesk & ReplayDesk & OutcomeDesk & LogDesk & MappingDesk;

export interface LoopDesk {
  /** A loop's ledger as it stands at an instant (UTC); undefined when there is no such loop. */
  describe(referral: string, now: string): Promise<LoopDescription | undefined>;
  /** What a loop can prove; undefined when there is no such loop. */
  certify(referral: string): Promise<Certificate | undefined>;
  /** What the terminology in use calls a code; undefined when it does not know it. */
  displayOf(system: string, code: string): string | undefined;
}

export interface MappingDesk {
  /** The set in use, by path. */
  mappings(): readonly ListedMapping[];
  /** What its cases do not show; undefined for a mapping that is not there. */
  coverage(name: string): Coverage | undefined;
  /** Runs a mapping as its files are now on a text, within limits; nothing of it is kept. */
  tryMapping(name: string, text: string): Promise<Tried>;
}

export interface ListedMapping extends MappingStamp {
  readonly from: MappingFrom;
  readonly to: MappingTo;
  readonly discloses: readonly string[];
  readonly cases: number;
  readonly inUse: boolean;
}

export type Tried =
  | {
      readonly kind: 'run';
      readonly version: number;
      readonly digest: string;
      readonly receipt: Receipt;
      readonly unmapped: readonly UnmappedCode[];
      readonly findings: readonly Finding[];
      readonly result: readonly { readonly contentType: string; readonly text: string }[];
    }
  | { readonly kind: 'unreadable' | 'no-mapping'; readonly findings: readonly Finding[] }
  | { readonly kind: 'too-long' | 'failed' };

export interface LogDesk {
  /** What a verifier needs to know (`name+id+base64`); undefined where it cannot be had. */
  logKey(): string | undefined;
  /** How many entries are sealed, and when the last checkpoint was made. */
  sealed(): Promise<{ readonly size: number; readonly at?: string }>;
  proveEntry(seq: number): Promise<ShownProof>;
  /** The sealed log as `hearback log verify` reads it, line by line; of some entries alone, each with its proof. */
  exportLog(part?: ExportPart): AsyncIterable<string>;
  /** Checks the log in the record: the first thing that is wrong, or what the whole comes to. */
  verifyLog(onProgress: (entries: number) => void): Promise<LogFault | WholeLogFigures>;
}

export interface ExportPart {
  readonly referral?: string;
  readonly since?: string;
  readonly until?: string;
}

export type ShownProof =
  | { readonly kind: 'nothing-sealed' | 'not-sealed' | 'pruned' }
  | {
      readonly kind: 'proved';
      readonly index: number;
      readonly size: number;
      /** Whether the entry, as it stands, leads to the root of the checkpoint, and the checkpoint is signed by the log's key. */
      readonly holds: boolean;
      readonly signed: boolean;
      /** base64, as in the checkpoint. */
      readonly leaf: string;
      readonly path: readonly string[];
      readonly checkpoint: string;
      /** C2SP tlog-proof, with the entry in it. */
      readonly file: string;
    };

export interface WholeLogFigures {
  readonly entries: number;
  /** Entries written and not sealed yet, messages whose bytes were compared. */
  readonly unsealed: number;
  readonly bodies: number;
  /** Numbers of entries that hand the log over to another key, and that no trusted key has signed. */
  readonly handOversNotSigned: readonly number[];
}

export interface OutcomeDesk {
  /** What the figures of a period are made from, read one referral after the other; `onProgress` hears how many there are so far. */
  readOutcomes(
    period: { readonly since: string; readonly until: string },
    onProgress: (referrals: number) => void,
  ): Promise<readonly ReferralFacts[]>;
}

export interface HoldDesk {
  /** What a hold about a code asks; undefined for a hold about something else. */
  question(hold: Hold): HeldCode | undefined;
  /** Does what a person decided. `by`: `user:<name>`. */
  decide(hold: Hold, decision: HoldDecision, by: string): Promise<HoldDecided>;
}

export interface HeldCode {
  readonly about: 'leg' | 'report' | 'sender';
  readonly partner: string;
  readonly map: string;
  readonly system: string;
  /** Absent when it is not shown, because it may say something about somebody. */
  readonly code?: string;
  /** The systems whose codes the map leads to. */
  readonly targets: readonly string[];
}

export const HOLD_CHOICES = ['retry', 'map', 'no-match', 'abandon'] as const;
export type HoldChoice = (typeof HOLD_CHOICES)[number];

export interface HoldDecision {
  readonly choice: HoldChoice;
  /** Of `map`: `system|code`, and how that code relates to the one held. */
  readonly mapTo?: string;
  readonly equivalence?: string;
  readonly reason: string;
}

export type HoldDecided =
  | { readonly kind: 'resolved'; readonly waiting: number }
  /** The answer to a code is written down, and the engine has not taken it yet: a retry would ask again. */
  | { readonly kind: 'written' }
  /** Nothing was changed, and why. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Somebody else has resolved it. */
  | { readonly kind: 'resolved-already' };

export interface MessageDesk {
  /** Runs again what a mapping did with a message, with a receipt; or says why nothing can be run. */
  lineage(message: Message): Promise<Lineage>;
}

export type Lineage =
  | { readonly kind: 'run'; readonly run: LineageRun }
  /** No mapping had to do with it, or what it was made of is not there. */
  | { readonly kind: 'none'; readonly why: string };

export interface LineageRun {
  readonly mapping: MappingStamp;
  /** Whether it is, byte for byte, the version that was used; undefined for what was recorded before that was. */
  readonly isSameVersion?: boolean;
  readonly from: MappingFrom;
  readonly to: MappingTo;
  /** What the mapping was given, and what it made of it. */
  readonly input: unknown;
  readonly result: unknown;
  readonly receipt: Receipt;
  /** Codes that the terminology of today does not map. */
  readonly unmapped: number;
}

export interface ReplayDesk {
  /**
   * What doing a message again would do, and what would differ; nothing is changed.
   * @param mapping digest of the kept version that is to be used; the one in use when left out
   */
  preview(message: string, mapping?: string): Promise<ReplayShown>;
  /** Does what was shown. `by`: `user:<name>`. */
  replay(wanted: ReplayWanted, by: string): Promise<ReplayDone>;
}

export interface ReplayShown {
  readonly plan:
    | { readonly kind: 'onward' }
    | { readonly kind: 'deliver'; readonly leg: string; readonly partner: string; readonly purpose: Leg['purpose'] }
    | { readonly kind: 'impossible'; readonly why: string };
  /** The version that would be used; absent where the same bytes go out, or no mapping reads it. */
  readonly version?: { readonly mapping: MappingStamp; readonly differences: readonly Difference[] };
}

export interface ReplayWanted {
  readonly message: string;
  /** Digest of the version that somebody chose. */
  readonly mapping?: string;
  /** Digest of the version whose differences were shown: with another one nothing is done. */
  readonly seen?: string;
  readonly reason: string;
}

export type ReplayDone =
  | { readonly kind: 'done' }
  /** Nothing was done, and why. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Another version is in use than was shown: look again. */
  | { readonly kind: 'changed' };
