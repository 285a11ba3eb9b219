import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressKey, countAttempt, forgiveAttempt, nameKey, waitOf } from '../../../src/console/sign-in/lock-out.ts';
import type { SignInAttempts } from '../../../src/ports-console.ts';

const NOW = new Date('2026-11-26T08:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe('attempts to sign in', () => {
  it('are free five times for a name, and then wait twice as long each time, up to a quarter of an hour', () => {
    const waits: number[] = [];
    let attempts: SignInAttempts | undefined;
    for (let tries = 0; tries < 14; tries += 1) {
      attempts = countAttempt(attempts, { key: 'name:a', of: 'name', now: NOW });
      waits.push(waitOf(attempts, NOW) / 1_000);
    }
    expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900]);
    expect(attempts).toMatchObject({ failures: 14, version: 14 });
    expect(waitOf(attempts, later(899_999))).toBe(1);
    expect(waitOf(attempts, later(900_000))).toBe(0);
  });

  it('are forgotten after a day without one, and counted on under the next version', () => {
    const first = countAttempt(undefined, { key: 'k', of: 'address', now: NOW });
    const day = 24 * 60 * 60_000;
    expect(countAttempt(first, { key: 'k', of: 'address', now: later(day - 1) })).toMatchObject({
      failures: 2,
      version: 2,
    });
    expect(countAttempt(first, { key: 'k', of: 'address', now: later(day) })).toMatchObject({
      failures: 1,
      version: 2,
    });
  });

  it('are forgiven for a name by the right password, and for an address this one alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (failures) => {
        let attempts: SignInAttempts | undefined;
        for (let tries = 0; tries < failures; tries += 1) {
          attempts = countAttempt(attempts, { key: 'k', of: 'address', now: NOW });
        }
        if (attempts === undefined) throw new Error('at least one');
        const address = forgiveAttempt(attempts, 'address');
        expect([address.failures, address.version]).toEqual([failures - 1, failures + 1]);
        // Whoever was made to wait for others' failures still waits; who was not does not wait now.
        expect(waitOf(address, NOW) > 0).toBe(failures > 20);
        const name = forgiveAttempt(attempts, 'name');
        expect([name.failures, waitOf(name, NOW)]).toEqual([0, 0]);
      }),
    );
  });
});

describe('under what attempts are counted', () => {
  it.each([
    ['10.0.0.7', 'address:10.0.0.7'],
    ['::ffff:10.0.0.7', 'address:10.0.0.7'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
    ['2001:db8::6', 'address:2001:db8:0:0::/64'],
    ['2001:db8:0:0:1::', 'address:2001:db8:0:0::/64'],
    ['::1', 'address:0:0:0:0::/64'],
    ['fe80::1:2:3:4:5', 'address:fe80:0:0:1::/64'],
  ])('%s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('names: one of a million numbers, which says nothing of what was typed', () => {
    expect(nameKey('anna')).toBe(nameKey('anna'));
    expect(nameKey('anna')).not.toBe(nameKey('anne'));
    fc.assert(fc.property(fc.string(), (name) => expect(nameKey(name)).toMatch(/^name:[0-9a-f]{5}$/)));
  });
});
