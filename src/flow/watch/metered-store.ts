import type { Measure, Meter } from '../../ports.ts';
import type { Changes } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';

type Operation = Extract<Measure, { kind: 'write' }>['operation'];
type Writes = Pick<Store, 'receive' | 'claim' | 'commit' | 'apply'>;

/** The record, with what is written to it timed, and what was committed counted: messages by verdict, holds, loops. */
export function meteredStore<S extends Writes>(store: S, meter: Meter): S {
  const timed = async <T>(operation: Operation, write: () => Promise<T>): Promise<T> => {
    const seconds = meter.stopwatch();
    let failed = true;
    try {
      const answer = await write();
      failed = false;
      return answer;
    } finally {
      meter.note({ kind: 'write', operation, failed, seconds: seconds() });
    }
  };
  return {
    ...store,
    async receive(...[message, changes]: Parameters<Store['receive']>) {
      const reception = await timed('receive', () => store.receive(message, changes));
      const { partner, channel } = message;
      const verdict = verdictOf(reception.kind, message.verdict);
      if (verdict !== undefined) meter.note({ kind: 'message', partner, channel, verdict });
      if (reception.kind === 'first') count(changes, meter);
      return reception;
    },
    claim: (...asked: Parameters<Store['claim']>) => timed('claim', () => store.claim(...asked)),
    async commit(...[work, outcome, changes]: Parameters<Store['commit']>) {
      const committed = await timed('commit', () => store.commit(work, outcome, changes));
      if (committed === 'committed') count(changes, meter);
      return committed;
    },
    async apply(changes: Changes) {
      const committed = await timed('apply', () => store.apply(changes));
      if (committed === 'committed') count(changes, meter);
      return committed;
    },
  };
}

type Reception = Awaited<ReturnType<Store['receive']>>;
type Verdict = Extract<Measure, { kind: 'message' }>['verdict'];

/** Undefined where it is decided again: then it was not answered yet. */
function verdictOf(reception: Reception['kind'], decided: 'accepted' | 'refused' | 'sent'): Verdict | undefined {
  if (reception === 'repeat' || reception === 'conflict') return reception;
  if (reception !== 'first') return undefined;
  return decided === 'refused' ? 'refused' : 'accepted';
}

/** A hold joins one that is open already: the log says that it was opened only when it was meant to be. */
function count(changes: Changes, meter: Meter): void {
  for (const { referral, holds = [], journal } of [changes, ...(changes.further ?? [])]) {
    if (referral?.ifVersion === 'new') meter.note({ kind: 'loop', became: 'open' });
    if (journal.some(({ kind }) => kind === 'loop.closed')) meter.note({ kind: 'loop', became: 'closed' });
    for (const { kind } of holds) meter.note({ kind: 'hold-opened', hold: kind });
  }
}
