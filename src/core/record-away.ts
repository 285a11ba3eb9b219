/**
 * By the codes of store/store-error.ts: it could not be reached in time; it was lost while committing, so that only saying the same
 * again shows whether it was kept; it is closed, because the engine stops or its thread has died.
 */
const AWAY: ReadonlySet<string> = new Set(['unreachable', 'in-doubt', 'closed']);

/** Seconds after which to ask again: long enough for a server to start, short enough for a person who waits. */
export const AWAY_SECONDS = 5;

/**
 * The code, when something failed because the record is away for a time and not by a fault of ours: whoever asked may ask the same
 * again. Undefined of any other fault.
 */
export function awayCode(fault: unknown): string | undefined {
  const code: unknown = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  return typeof code === 'string' && AWAY.has(code) ? code : undefined;
}
