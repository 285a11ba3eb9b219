import { begin, type CallEnd, type Circuit, type CircuitOptions, CLOSED_CIRCUIT, closedFor, end } from './circuit.ts';

/** The way to one partner: open, or closed for a while after failures in a row. Holds the circuit; time and chance are given. */
export interface CircuitGate {
  /** Milliseconds until a call may be made, 0 for now. */
  closedFor(): number;
  /** Makes the call, or answers that none may be made now. Rejects when the call does, which says nothing about the partner. */
  through<R extends CallResult>(call: () => Promise<MadeCall<R>>): Promise<R | CircuitOpen>;
}

export interface MadeCall<R> {
  readonly result: R;
  /** It ended for a reason of ours and says nothing about the partner. */
  readonly dropped: boolean;
}

/** What a call's result must tell of: an outlet's `SendResult` does. */
type CallResult =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'permanent' }
  | { readonly kind: 'ambiguous'; readonly ofMessage?: true }
  | { readonly kind: 'transient'; readonly retryAfterMs?: number; readonly ofMessage?: true };

export interface CircuitOpen {
  readonly kind: 'transient';
  readonly reason: string;
  readonly retryAfterMs: number;
  /** Nothing was tried: it is no attempt of the delivery's. */
  readonly unsent: true;
}

export interface GateDeps {
  readonly clock: { now(): Date };
  readonly log: { info: Note; warn: Note };
  /** In [0, 1). */
  readonly random: () => number;
}

type Note = (event: string, fields: Readonly<Record<string, string | number>>) => void;

/** A gate in front of one partner. Its opening and closing are told as `<channel>.circuit-open` and `<channel>.circuit-closed`. */
export function newCircuitGate(
  { partner, channel }: { readonly partner: string; readonly channel: string },
  options: CircuitOptions,
  { clock, log, random }: GateDeps,
): CircuitGate {
  let circuit: Circuit = CLOSED_CIRCUIT;
  const now = (): number => clock.now().getTime();
  const turn = (next: Circuit): void => {
    if (circuit.openUntil === 0 && next.openUntil > 0) {
      log.warn(`${channel}.circuit-open`, { partner, failures: next.failures, forMs: next.openUntil - now() });
    }
    if (circuit.openUntil > 0 && next.openUntil === 0) log.info(`${channel}.circuit-closed`, { partner });
    circuit = next;
  };
  return {
    closedFor: () => closedFor(circuit, now()),
    async through(call) {
      const begun = begin(circuit, now(), options);
      if (begun === undefined) return circuitOpen(closedFor(circuit, now()));
      turn(begun);
      // A call that throws must not leave its probe standing: nobody could ever call again.
      let judged: Judged = { outcome: 'dropped' };
      try {
        const { result, dropped } = await call();
        if (!dropped) judged = judge(result);
        return result;
      } finally {
        turn(end(circuit, { ...judged, probe: begun.probing, now: now(), spread: random() }, options));
      }
    },
  };
}

type Judged = Pick<CallEnd, 'outcome' | 'retryAfterMs'>;

/** What a result says about the partner, apart from the message that was sent. */
function judge(result: CallResult): Judged {
  if (result.kind !== 'ambiguous' && result.kind !== 'transient') return { outcome: 'answered' };
  if (result.ofMessage === true) return { outcome: 'failed-message' };
  if (result.kind === 'ambiguous' || result.retryAfterMs === undefined) return { outcome: 'failed' };
  return { outcome: 'failed', retryAfterMs: result.retryAfterMs };
}

function circuitOpen(retryAfterMs: number): CircuitOpen {
  const reason = 'circuit-open: the partner failed several times in a row, nothing was sent';
  return { kind: 'transient', reason, retryAfterMs, unsent: true };
}
