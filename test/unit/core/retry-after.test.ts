import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../../src/core/retry-after.ts';

const now = new Date('2026-11-21T09:00:00.000Z');
const HOUR = 3_600_000;

describe('Retry-After', () => {
  it.each([
    ['whole seconds', '120', 120_000],
    ['nothing to wait', '0', 0],
    ['a date ahead', 'Sat, 21 Nov 2026 09:01:30 GMT', 90_000],
    ['a date gone by, which is now', 'Sat, 21 Nov 2026 08:00:00 GMT', 0],
    ['more seconds than are believed', '99999999999', HOUR],
    ['a date further than is believed', 'Mon, 21 Nov 2033 09:00:00 GMT', HOUR],
  ])('is read as %s', (_what, value, wait) => {
    expect(retryAfterMs(value, now, HOUR)).toBe(wait);
  });

  it.each(['', 'soon', '-5', '1.5', '2026-11-21', '12 minutes', 'Sat, nonsense GMT'])(
    'is ignored when it is "%s"',
    (value) => {
      expect(retryAfterMs(value, now, HOUR)).toBeUndefined();
    },
  );

  it('is ignored when it is absent or given several times', () => {
    expect(retryAfterMs(undefined, now, HOUR)).toBeUndefined();
    expect(retryAfterMs(['1', '2'], now, HOUR)).toBeUndefined();
  });
});
