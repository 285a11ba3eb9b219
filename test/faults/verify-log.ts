import type { Evidence } from '../fixtures/crash/evidence.ts';
import type { Look } from './look.ts';

/** What the message log should hold of the run's referrals and does not, or holds twice. */
export async function verifyLog({ loops }: Evidence, { store }: Look): Promise<string[]> {
  const faults: string[] = [];
  for (const { referral, events, messages } of loops) {
    const entries = await store.journal({ referral: referral.id, limit: 10_000 });
    const recorded = entries.filter(({ kind }) => kind === 'event.recorded');
    if (recorded.length !== events.length) {
      faults.push(`${referral.id} has ${events.length} events and ${recorded.length} entries of them`);
    }
    const received = messages.filter(({ direction }) => direction === 'in');
    for (const { id } of received) {
      const known = await store.journal({ kind: 'message.received', referral: referral.id, limit: 10_000 });
      if (known.filter(({ message }) => message === id).length > 1)
        faults.push(`the message ${id} is in the log twice`);
    }
  }
  return faults;
}
