import { InvalidArgumentError } from 'commander';

const MOST = 100_000;

/** Reads `--limit`. */
export function readLimit(text: string): number {
  const limit = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST) throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST}.`);
  return limit;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Reads an instant with its offset, or a day from its first moment in UTC, as the record writes instants. */
export function readInstant(text: string): string {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !isDay(text.slice(0, 10))) {
    throw new InvalidArgumentError('Give an instant with its offset, like 2026-11-21T09:00:00Z, or a day.');
  }
  return new Date(at).toISOString();
}

/** JavaScript takes 31 February for 3 March. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
