import { describe, expect, it } from '@jest/globals';
import type { Leg } from '../../../../src/core/message.ts';
import { keepsFailing } from '../../../../src/flow/settle/keeps-failing.ts';
import type { SendResult } from '../../../../src/ports.ts';
import type { JournalQuery, RecordedEntry } from '../../../../src/ports-queries.ts';

const leg = (attempts: number): Leg => ({
  id: 'leg-1',
  referral: 'r',
  task: 't',
  partner: 'oak',
  channel: 'fhir',
  purpose: 'write-back',
  message: 'm',
  status: 'queued',
  attempts,
  queuedAt: '2026-11-21T09:00:00.000Z',
});
const FAILED: SendResult = { kind: 'transient', reason: 'http-500: it failed', ofMessage: true };

interface Past {
  /** Failures of the leg before this attempt that may be its own fault. */
  readonly own: number;
  /** And that speak of the partner. */
  readonly partner?: number;
  /** Where in the log another delivery to the partner was taken; the leg's first failure stands at 10. */
  readonly takenAt?: number;
}

/** The message log as far as it is asked here. */
function log({ own, partner = 0, takenAt }: Past) {
  const entry = (seq: number, kind: string, detail: RecordedEntry['detail']): RecordedEntry => ({
    seq,
    at: '',
    kind,
    actor: 'hearback',
    referral: 'r',
    detail: { partner: 'oak', ...detail },
  });
  const entries = [
    ...Array.from({ length: partner }, (_, index) => entry(10 + index, 'leg.failed', { leg: 'leg-1' })),
    ...Array.from({ length: own }, (_, index) => entry(10 + index, 'leg.failed', { leg: 'leg-1', ofMessage: true })),
    ...Array.from({ length: 30 }, (_, index) => entry(10 + index, 'leg.failed', { leg: 'leg-2', ofMessage: true })),
    ...(takenAt === undefined ? [] : [entry(takenAt, 'leg.acknowledged', { leg: 'leg-3' })]),
  ];
  return {
    journal: async ({ kind, afterSeq = 0, limit }: JournalQuery) =>
      entries.filter((one) => one.kind === kind && one.seq > afterSeq).slice(0, limit),
  };
}

const judged = (past: Past, result: SendResult = FAILED) =>
  keepsFailing(leg(past.own + (past.partner ?? 0)), result, log(past));

describe('a delivery that fails again and again', () => {
  it('is its own fault at the eighth failure, when the partner took another since the first', async () => {
    expect(await judged({ own: 6, takenAt: 11 })).toBe(false);
    expect(await judged({ own: 7, takenAt: 11 })).toBe(true);
  });

  it('is not yet when nothing else got through since, so that the partner may be what is broken', async () => {
    expect(await judged({ own: 7, takenAt: 9 })).toBe(false);
    expect(await judged({ own: 19 })).toBe(false);
  });

  it('is after more than twenty failures in any case', async () => {
    expect(await judged({ own: 20 })).toBe(true);
  });

  it('is never for what speaks of the partner: that is waited for as long as it lasts', async () => {
    expect(await judged({ own: 0, partner: 900, takenAt: 11 })).toBe(false);
    expect(await judged({ own: 30, takenAt: 11 }, { kind: 'transient', reason: 'http-503: busy' })).toBe(false);
    expect(await judged({ own: 30, takenAt: 11 }, { kind: 'ambiguous', reason: 'TIMEOUT: lost' })).toBe(false);
  });
});
