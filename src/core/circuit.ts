/**
 * A partner's circuit, as a pure state machine: whoever holds it gives it the time.
 *
 *   closed ──N failures in a row──▶ open ──openMs──▶ half-open ──one probe──▶ closed, or open again
 *
 * Only failures that speak of the partner count (no connection, no answer, overload). A refusal is an answer: the partner is
 * there. So it is when it fails at one message (500): that closes the circuit after a probe, and otherwise says nothing, or
 * one message that always fails would keep all others away.
 */
export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open, in milliseconds. */
  readonly openMs: number;
}

export interface Circuit {
  readonly failures: number;
  /** Milliseconds since 1970; 0 when closed. */
  readonly openUntil: number;
  /** A probe is under way: its answer decides, nobody else may call. */
  readonly probing: boolean;
}

export const CLOSED_CIRCUIT: Circuit = { failures: 0, openUntil: 0, probing: false };

/** How soon to ask again while a probe is under way. */
const PROBE_RECHECK_MS = 250;

/** Milliseconds until a call may be made, 0 for now. */
export function closedFor(circuit: Circuit, now: number): number {
  if (circuit.probing) return PROBE_RECHECK_MS;
  return Math.max(0, circuit.openUntil - now);
}

/** Begins a call, or undefined when none may be made now. The first after the open time is the probe. */
export function begin(circuit: Circuit, now: number, options: CircuitOptions): Circuit | undefined {
  if (closedFor(circuit, now) > 0) return undefined;
  return isOpen(circuit, options) ? { ...circuit, probing: true } : circuit;
}

/**
 * `failed-message`: the partner is there and failed at what was sent.
 * `dropped`: the call ended for a reason of ours and says nothing about the partner.
 */
export type CallOutcome = 'answered' | 'failed' | 'failed-message' | 'dropped';

export interface CallEnd {
  readonly outcome: CallOutcome;
  /** This call was the probe: `begin` answered with `probing`. */
  readonly probe: boolean;
  readonly now: number;
  /** In [0, 1): lengthens the open time by up to a fifth, so that several engines do not probe at the same instant. */
  readonly spread: number;
  /** What the partner asked for, with a failure: nobody calls it before. */
  readonly retryAfterMs?: number;
}

/** Ends a call. */
export function end(circuit: Circuit, call: CallEnd, options: CircuitOptions): Circuit {
  if (call.outcome === 'answered') return CLOSED_CIRCUIT;
  // A call from before the circuit opened may end during the probe, and must not make room for a second one.
  const probing = circuit.probing && !call.probe;
  if (call.outcome === 'failed-message' && call.probe) return CLOSED_CIRCUIT;
  if (call.outcome !== 'failed') return { ...circuit, probing };
  const failed: Circuit = { ...circuit, failures: circuit.failures + 1, probing };
  const pauses = isOpen(failed, options) ? options.openMs * (1 + call.spread / 5) : 0;
  const wait = Math.max(pauses, call.retryAfterMs ?? 0);
  return wait === 0 ? failed : { ...failed, openUntil: Math.max(circuit.openUntil, call.now + wait) };
}

function isOpen(circuit: Circuit, options: CircuitOptions): boolean {
  return circuit.failures >= options.failures;
}
