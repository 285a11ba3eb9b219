/**
 * How a simulated partner misbehaves, on request: `POST /control/temper` with any of these.
 * The misbehaviour is at the door, so that the partner's own bookkeeping (what it really received) stays true.
 */
export interface Temper {
  /** Milliseconds before every answer. */
  readonly slowMs: number;
  /** Answers 503 to everything but the control door. */
  readonly down: boolean;
  /** Takes a message, answers 2xx and never speaks of it again. */
  readonly forgetful: boolean;
  /** Reports out of order, then everything once more, last first. */
  readonly chatty: boolean;
}

export const GOOD: Temper = { slowMs: 0, down: false, forgetful: false, chatty: false };

/** The temper after a request to change it; what is not named stays. Unknown or mistyped wishes are ignored. */
export function changed(temper: Temper, wish: unknown): Temper {
  if (typeof wish !== 'object' || wish === null) return temper;
  const wishes = new Map<string, unknown>(Object.entries(wish));
  const slowMs = wishes.get('slowMs');
  const flag = (name: 'down' | 'forgetful' | 'chatty'): boolean => {
    const value = wishes.get(name);
    return typeof value === 'boolean' ? value : temper[name];
  };
  return {
    slowMs: typeof slowMs === 'number' && slowMs >= 0 ? slowMs : temper.slowMs,
    down: flag('down'),
    forgetful: flag('forgetful'),
    chatty: flag('chatty'),
  };
}
