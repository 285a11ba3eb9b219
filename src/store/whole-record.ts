import type { ConsoleRecord } from '../ports-console.ts';
import type { LogStore } from '../ports-log.ts';
import type { Store } from '../ports-record.ts';

/** All that one opened record can do: the road's part, the console's, and the sealed log's. */
export type WholeRecord = Store & ConsoleRecord & LogStore;
