import type { Clock } from '../../ports.ts';
import { integer } from '../rows/row.ts';
import type { Session } from './session.ts';

/**
 * Leases are written down by the server's clock, so that processes whose clocks differ agree on when one has run out: an instant
 * that a process gives is moved by what its clock is off. A clock that is set right by a jump is noticed within half a minute;
 * until then its leases are off by the jump, which is harmless while that is less than the time between two renewals.
 *
 * All other instants (not before, due at) stay as they are given: there a difference of seconds makes work early or late
 * by seconds, and nothing else.
 */
export interface LeaseClock {
  toServer(session: Session, instant: string): Promise<string>;
}

const SERVER_NOW = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now';
const GOOD_FOR_MS = 30_000;

export function newLeaseClock(clock: Clock): LeaseClock {
  let measured: { readonly at: number; readonly offMs: number } | undefined;
  return {
    async toServer(session, instant) {
      const now = clock.now().getTime();
      if (measured === undefined || Math.abs(now - measured.at) > GOOD_FOR_MS) {
        const [row = {}] = await session.all(SERVER_NOW);
        measured = { at: now, offMs: integer(row, 'now') - now };
      }
      return new Date(Date.parse(instant) + measured.offMs).toISOString();
    },
  };
}
