import { setTimeout as sleep } from 'node:timers/promises';
import { verifyRecord } from '../../src/journal/verify-record.ts';
import { logKey } from '../../src/wire-log.ts';
import type { Evidence } from '../fixtures/crash/evidence.ts';
import type { Look } from './look.ts';

/** How long the sealer may take to catch up once everything has come to its end. */
const SEALED_WITHIN_MS = 60_000;
const LOOK_MS = 500;

/**
 * What is wrong with the message log: with the tree and its signatures (as `hearback log verify` finds it), with entries that nobody
 * seals, and with entries that the record does not bear out.
 */
export async function verifyLog({ loops }: Evidence, look: Look): Promise<string[]> {
  const closed = loops.filter(({ referral }) => referral.status === 'closed');
  const told = await Promise.all(
    closed.map(async ({ referral, events }) => {
      const entries = await look.store.journal({ referral: referral.id, kind: 'event.recorded', limit: 1_000 });
      const differ = entries.length !== events.length;
      return differ ? [`${referral.id} has ${events.length} events and ${entries.length} entries of them`] : [];
    }),
  );
  return [...(await wrongWithTree(look)), ...told.flat()];
}

async function wrongWithTree({ setup, store }: Look): Promise<string[]> {
  const end = performance.now() + SEALED_WITHIN_MS;
  for (;;) {
    const result = await verifyRecord({ log: store, keys: [logKey(setup)] });
    if (!('entries' in result)) return [`${result.kind}: ${result.what}`];
    if (result.unsealed === 0 && result.entries > 0) return [];
    if (performance.now() > end) return [`${result.unsealed} entries are not sealed`];
    await sleep(LOOK_MS);
  }
}
