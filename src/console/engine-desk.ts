import type { Certificate } from '../core/loop/certificate.ts';
import type { LoopDescription } from '../core/loop/describe-loop.ts';

/** What pages ask of the engine beside its record: what is worked out from several rows, by the same code that the commands use. */
export interface EngineDesk {
  /** A loop's ledger as it stands at an instant (UTC); undefined when there is no such loop. */
  describe(referral: string, now: string): Promise<LoopDescription | undefined>;
  /** What a loop can prove; undefined when there is no such loop. */
  certify(referral: string): Promise<Certificate | undefined>;
  /** What the terminology in use calls a code; undefined when it does not know it. */
  displayOf(system: string, code: string): string | undefined;
}
