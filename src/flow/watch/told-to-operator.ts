import type { Log } from '../../ports.ts';
import type { Changes, JournalEntry } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';

/** Entries of the message log that an operator should see as they happen, and what of them the operational log shows. */
interface Told {
  readonly event: string;
  readonly fields: readonly string[];
  /** `warn` when left out. */
  readonly level?: 'info';
}

const TOLD: ReadonlyMap<string, Told> = new Map<string, Told>([
  ['hold.opened', { event: 'hold.opened', fields: ['hold', 'kind', 'partner'] }],
  ['leg.failed', { event: 'delivery.failed', fields: ['leg', 'partner', 'purpose', 'attempt', 'kind', 'code'] }],
  ['read-back.failed', { event: 'read-back.failed', fields: ['leg', 'partner', 'code'] }],
  ['leg.flagged', { event: 'code.lost-here', fields: ['leg', 'partner', 'system'] }],
  ['mapping.loaded', { event: 'mapping.loaded', fields: ['mapping', 'version', 'digest'], level: 'info' }],
  ['mapping.refused', { event: 'mapping.refused', fields: ['file', 'line', 'column', 'rule', 'errors'] }],
  ['terminology.loaded', { event: 'terminology.loaded', fields: ['digest'], level: 'info' }],
  ['patient.merged', { event: 'patient.merged', fields: ['untold'], level: 'info' }],
  ['promise.late', { event: 'promise.late', fields: ['promise', 'kind', 'owedBy', 'dueAt'] }],
]);

type Writes = Pick<Store, 'receive' | 'commit' | 'apply'>;

/** The record, telling the operator what was committed to it that needs somebody's eye. Ids and codes only. */
export function toldToOperator<S extends Writes>(store: S, log: Log): S {
  const tell = (changes: Changes): void => {
    for (const { journal } of [changes, ...(changes.further ?? [])]) {
      for (const entry of journal) tellEntry(entry, log);
    }
  };
  return {
    ...store,
    async receive(...[message, changes]: Parameters<Store['receive']>) {
      const reception = await store.receive(message, changes);
      if (reception.kind === 'first') tell(changes);
      return reception;
    },
    async commit(...[work, outcome, changes]: Parameters<Store['commit']>) {
      const committed = await store.commit(work, outcome, changes);
      if (committed === 'committed') tell(changes);
      return committed;
    },
    async apply(changes: Changes) {
      const committed = await store.apply(changes);
      if (committed === 'committed') tell(changes);
      return committed;
    },
  };
}

function tellEntry({ kind, referral, message, detail }: JournalEntry, log: Log): void {
  const told = TOLD.get(kind);
  if (told === undefined) return;
  const shown = told.fields.flatMap((name) => (detail[name] === undefined ? [] : [[name, detail[name]]]));
  log[told.level ?? 'warn'](told.event, {
    ...(referral !== undefined && { referral }),
    ...(message !== undefined && { message }),
    ...Object.fromEntries(shown),
  });
}
