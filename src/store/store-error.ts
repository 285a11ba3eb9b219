/** What a store rejects with. `code` is for programs, the message is for people; neither ever holds data out of a message. */
export type StoreErrorCode =
  /** The store was closed, or its thread died: nothing more can be asked of it. */
  | 'closed'
  | 'readonly'
  /** The claim ran out and another worker took the work: what this worker decided must not be applied. */
  | 'claim-lost'
  | 'hold-not-open'
  /** Changes of a person's decision were made from a referral that has moved on. Nothing was changed. */
  | 'stale'
  /** The database could not be reached in time. Nothing was changed. */
  | 'unreachable'
  /** The connection was lost at the moment of committing, and it could not be learnt whether the changes were kept. */
  | 'in-doubt'
  /** The record does not belong to this version of the program. */
  | 'schema'
  | 'not-openable'
  /** The caller broke the port's contract. */
  | 'misuse'
  /** A row does not hold what this program writes. */
  | 'corrupt'
  /** The database refused: disk full, locked for too long, a rule of the schema broken. */
  | 'database';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** Whatever was thrown, as a StoreError; a database library's own code is kept in the text. */
export function asStoreError(thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const code = databaseCode(thrown);
  return new StoreError('database', code === undefined ? text : `${code}: ${text}`);
}

/** The database library's own code (`SQLITE_BUSY`), if it gave one. */
export function databaseCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' && thrown.code !== '' ? thrown.code : undefined;
}
