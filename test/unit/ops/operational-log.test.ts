import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { operationalLog } from '../../../src/ops/operational-log.ts';
import { LOGGED_TRACE } from '../../../src/ops/trace/logged-trace.ts';
import type { Log } from '../../../src/ports.ts';

const CORRELATION = '018f2a6e-0000-7000-8000-000000000001';

let lines: Record<string, unknown>[];
let log: Log;
beforeEach(() => {
  lines = [];
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  log = operationalLog('info', to);
});

/** Without the time. */
const told = () => lines.map(({ at: _, ...line }) => line);

describe('the operational log', () => {
  it('is one JSON object a line', () => {
    log.warn('hold.opened', { hold: 'h1', count: 2 });
    expect(told()).toEqual([{ level: 'warn', event: 'hold.opened', hold: 'h1', count: 2 }]);
    expect(String(lines[0]?.['at'])).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('says of each line which message, referral and correlation it happened in', async () => {
    const step = { name: 'intake' as const, about: { partner: 'oak-road', correlation: CORRELATION } };
    await LOGGED_TRACE.step(step, async () => {
      log.info('one');
      LOGGED_TRACE.about({ message: 'm1', referral: 'r1' });
      await Promise.resolve();
      log.info('two', { partner: 'casework' });
    });
    log.info('three');
    const about = { partner: 'oak-road', correlation: CORRELATION };
    expect(told()).toEqual([
      { level: 'info', event: 'one', ...about },
      { level: 'info', event: 'two', ...about, message: 'm1', referral: 'r1', partner: 'casework' },
      { level: 'info', event: 'three' },
    ]);
  });

  it('keeps two pieces of work apart that are done at once', async () => {
    const one = (message: string) =>
      LOGGED_TRACE.step({ name: 'onward', about: { message } }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        log.info('seen');
      });
    await Promise.all(['m1', 'm2', 'm3'].map(one));
    expect(lines.map((line) => line['message']).sort()).toEqual(['m1', 'm2', 'm3']);
  });

  it.each(['9990000050', 'Zephyrine Quillfeather', `${CORRELATION} and more`])(
    'shows no correlation that is no UUID: a sender may write anything there (%s)',
    async (correlation) => {
      await LOGGED_TRACE.step({ name: 'intake', about: { correlation } }, async () => log.info('one'));
      expect(told()).toEqual([{ level: 'info', event: 'one' }]);
    },
  );

  it('cuts what is too long to be an id', () => {
    log.info('one', { code: 'x'.repeat(500) });
    expect(String(lines[0]?.['code'])).toHaveLength(201);
  });
});
