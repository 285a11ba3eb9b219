import { describe, expect, it } from '@jest/globals';
import { toldToOperator } from '../../../../src/flow/watch/told-to-operator.ts';
import type { Changes } from '../../../../src/ports-changes.ts';
import type { Store } from '../../../../src/ports-record.ts';

const CHANGES: Changes = {
  journal: [
    { at: '2026-11-21T09:00:00.000Z', kind: 'message.received', actor: 'oak', message: 'm', detail: { bytes: 7 } },
    {
      at: '2026-11-21T09:00:00.000Z',
      kind: 'promise.late',
      actor: 'hearback',
      referral: 'r',
      detail: { promise: 'p', kind: 'decide', owedBy: 'casework', dueAt: '2026-11-20T09:00:00.000Z', said: 'Ann' },
    },
    {
      at: '2026-11-21T09:00:00.000Z',
      kind: 'hold.opened',
      actor: 'hearback',
      message: 'm',
      detail: { hold: 'h', kind: 'unmapped-code', partner: 'casework' },
    },
    {
      at: '2026-11-21T09:00:00.000Z',
      kind: 'leg.failed',
      actor: 'hearback',
      referral: 'r',
      detail: { leg: 'l', partner: 'oak', attempt: 3, kind: 'transient', code: 'http-500', failure: 'http-500: words' },
    },
  ],
};

const EXPECTED = [
  [
    'promise.late',
    { referral: 'r', promise: 'p', kind: 'decide', owedBy: 'casework', dueAt: '2026-11-20T09:00:00.000Z' },
  ],
  ['hold.opened', { message: 'm', hold: 'h', kind: 'unmapped-code', partner: 'casework' }],
  ['delivery.failed', { referral: 'r', leg: 'l', partner: 'oak', attempt: 3, kind: 'transient', code: 'http-500' }],
];

async function told(answer: 'committed' | 'stale') {
  const lines: unknown[] = [];
  const note = (event: string, fields?: unknown) => void lines.push([event, fields]);
  const store: Pick<Store, 'apply' | 'commit' | 'receive'> = {
    apply: async () => answer,
    commit: async () => answer,
    receive: async () => ({ kind: 'first' }),
  };
  const watched = toldToOperator(store, { info: note, warn: note, error: note });
  await watched.apply(CHANGES);
  return lines;
}

describe('the operational log', () => {
  it('tells of holds, failed deliveries and late promises as they are committed, in ids and codes only', async () => {
    expect(await told('committed')).toEqual(EXPECTED);
  });

  it('tells nothing of what was not committed', async () => {
    expect(await told('stale')).toEqual([]);
  });
});
