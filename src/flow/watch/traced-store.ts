import type { Message } from '../../core/message.ts';
import type { Trace } from '../../ports.ts';
import type { Changes } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';

/** Under this name a message keeps which step of ours recorded it; `traceparent` is the sender's own. */
const RECORDED_BY = 'hearback-traceparent';

type Writes = Pick<Store, 'receive' | 'commit' | 'apply'>;

/**
 * The record, with every message that is written to it bearing the step that wrote it. So a trace goes on where its process ended:
 * the step that works on the message, whenever and wherever, follows from the one that recorded it. Nothing is added where
 * nobody traces.
 */
export function tracedStore<S extends Writes>(store: S, trace: Trace): S {
  if (!trace.spans) return store;
  const marked = (message: Message): Message => {
    const current = trace.current();
    return current === undefined ? message : { ...message, headers: { ...message.headers, [RECORDED_BY]: current } };
  };
  const all = (changes: Changes): Changes =>
    changes.messages === undefined ? changes : { ...changes, messages: changes.messages.map(marked) };
  return {
    ...store,
    receive: (message: Message, changes: Changes) => store.receive(marked(message), all(changes)),
    commit: (...[work, outcome, changes]: Parameters<Store['commit']>) => store.commit(work, outcome, all(changes)),
    apply: (changes: Changes) => store.apply(all(changes)),
  };
}

/** What a step that works on a message follows from. */
export function comesFrom({ headers }: Pick<Message, 'headers'>): string | undefined {
  return headers[RECORDED_BY] ?? headers['traceparent'];
}
