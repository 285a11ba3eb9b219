import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { StoreError } from '../store-error.ts';

/** The digest of rows, the same for the same rows whichever database they come from. */
export interface RowsDigest {
  add(row: Readonly<Record<string, unknown>>): void;
  /** SHA-256, lower-case hex. */
  readonly value: () => string;
}

/** Each value as its kind, its length and its bytes, in the order of the columns: no two different rows read alike. */
export function newRowsDigest(columns: readonly string[]): RowsDigest {
  const hash = createHash('sha256').update(columns.join(','));
  return {
    add(row) {
      for (const column of columns) {
        const [kind, bytes] = canonical(column, row[column]);
        hash.update(`${kind}${bytes.length}:`).update(bytes);
      }
    },
    value: () => hash.digest('hex'),
  };
}

const NONE = new Uint8Array();

function canonical(column: string, value: unknown): ['n' | 'i' | 't' | 'b', Uint8Array] {
  if (value === null) return ['n', NONE];
  if (typeof value === 'number') return ['i', Buffer.from(String(value))];
  if (typeof value === 'string') return ['t', Buffer.from(value)];
  if (types.isUint8Array(value)) return ['b', value];
  throw new StoreError('corrupt', `column ${column} holds a value of a kind that no record has`);
}
