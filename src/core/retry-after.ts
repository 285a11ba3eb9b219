/**
 * Reads `Retry-After` (RFC 9110 §10.2.3): whole seconds, or an HTTP date measured against `now`.
 * Milliseconds, at most `capMs` (a year's wait would be a refusal in disguise); undefined when it is neither.
 */
export function retryAfterMs(value: string | string[] | undefined, now: Date, capMs: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^[0-9]{1,15}$/.test(text)) return Math.min(Number(text) * 1_000, capMs);
  // Date.parse alone reads nearly anything, "-1" as a year too; the preferred format names the day first.
  const at = /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  return Math.min(Math.max(0, at - now.getTime()), capMs);
}
