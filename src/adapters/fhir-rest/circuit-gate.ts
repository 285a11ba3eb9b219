import type { Clock, Log, SendResult } from '../../ports.ts';
import { begin, type CallEnd, type Circuit, type CircuitOptions, CLOSED_CIRCUIT, closedFor, end } from './circuit.ts';

/** The way to one partner: open, or closed for a while after failures in a row. */
interface Gate {
  /** Milliseconds until a call may be made. */
  readonly closedFor: () => number;
  /** Undefined when no call may be made now. `dropped`: the call ended for a reason of ours. */
  readonly begin: () => { readonly end: (result: SendResult, dropped: boolean) => void } | undefined;
}

export interface GateDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Holds a partner's circuit and gives it the time. */
export function newGate(partner: string, options: CircuitOptions, { clock, log, random }: GateDeps): Gate {
  let circuit: Circuit = CLOSED_CIRCUIT;
  const now = (): number => clock.now().getTime();
  const turn = (next: Circuit): void => {
    if (circuit.openUntil === 0 && next.openUntil > 0) {
      log.warn('fhir.circuit-open', { partner, failures: next.failures, forMs: next.openUntil - now() });
    }
    if (circuit.openUntil > 0 && next.openUntil === 0) log.info('fhir.circuit-closed', { partner });
    circuit = next;
  };
  return {
    closedFor: () => closedFor(circuit, now()),
    begin: () => {
      const begun = begin(circuit, now(), options);
      if (begun === undefined) return undefined;
      turn(begun);
      return {
        end: (result, dropped) => {
          const call = { ...judge(result, dropped), probe: begun.probing, now: now(), spread: random() };
          turn(end(circuit, call, options));
        },
      };
    },
  };
}

/** What a result says about the partner, apart from the message that was sent. */
function judge(result: SendResult, dropped: boolean): Pick<CallEnd, 'outcome' | 'retryAfterMs'> {
  if (dropped) return { outcome: 'dropped' };
  if (result.kind === 'ambiguous') return { outcome: 'failed' };
  if (result.kind !== 'transient') return { outcome: 'answered' };
  return { outcome: 'failed', ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }) };
}
