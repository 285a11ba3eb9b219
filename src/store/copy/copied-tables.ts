/** A table of the record, and by which columns its rows are ordered, each row apart from every other. */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
}

/**
 * All that a record consists of, in an order in which no row refers to a later one. Columns are asked of the databases
 * themselves; both must have the same.
 */
export const COPIED_TABLES: readonly CopiedTable[] = [
  { name: 'referral', key: ['id'] },
  { name: 'referral_partner', key: ['partner', 'referral'] },
  { name: 'reference', key: ['partner', 'kind', 'value', 'referral'] },
  { name: 'event', key: ['seq'] },
  { name: 'promise', key: ['id'] },
  { name: 'message', key: ['id'] },
  { name: 'message_body', key: ['message'] },
  { name: 'leg', key: ['id'] },
  { name: 'reading', key: ['seq'] },
  { name: 'lost_code', key: ['partner', 'system', 'code'] },
  { name: 'mapping_version', key: ['digest'] },
  { name: 'resource', key: ['type', 'id'] },
  { name: 'resource_history', key: ['type', 'id', 'version'] },
  { name: 'resource_search', key: ['type', 'param', 'value', 'id'] },
  { name: 'hold', key: ['id'] },
  { name: 'hold_referral', key: ['referral', 'hold'] },
  { name: 'work', key: ['seq'] },
  { name: 'console_account', key: ['name'] },
  { name: 'console_proposal', key: ['subject'] },
  { name: 'journal', key: ['seq'] },
  { name: 'log_leaf', key: ['position'] },
  { name: 'log_node', key: ['level', 'position'] },
  { name: 'log_checkpoint', key: ['size'] },
  { name: 'log_pruning', key: ['seq'] },
];

/** Where the record goes, nobody is signed in, and nobody has failed to. */
export const LEFT_BEHIND: readonly string[] = ['console_attempts', 'console_kept', 'console_session'];

/** Tables whose rows are numbered: the next number must go on after the last one ever given. */
export function isNumbered({ key }: CopiedTable): boolean {
  return key.length === 1 && key[0] === 'seq';
}
