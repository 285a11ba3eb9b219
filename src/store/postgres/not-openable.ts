import { asStoreError, databaseCode, StoreError } from '../store-error.ts';

/** What the library says, without a code, of a server that does not encrypt. */
const NO_TLS = 'The server does not support SSL connections';
/** A right is missing (PostgreSQL, appendix A). */
const NO_RIGHT = '42501';

/** What the library throws while the record is opened, as something to act on. */
export function notOpenable(thrown: unknown): StoreError {
  if (thrown instanceof StoreError && thrown.code !== 'database' && thrown.code !== 'unreachable') return thrown;
  const { message } = asStoreError(thrown);
  if (message.includes(NO_TLS)) {
    return new StoreError(
      'not-openable',
      "the record's server does not speak TLS: set it up there (ssl = on); or, where it stands on the same machine or private network, say `local: true` under engine.store.postgres (hearback store copy: --local)",
    );
  }
  const rights =
    databaseCode(thrown) === NO_RIGHT || message.startsWith(NO_RIGHT)
      ? 'the user of the address must own the tables of the record, or an administrator must grant it what is missing'
      : 'check the address, that the server is there, and that the user may use the database';
  return new StoreError('not-openable', `the record's database cannot be opened (${message}): ${rights}`);
}
