import type { Store } from '../ports.ts';
import type { ConsoleRecord } from '../ports-console.ts';

/** All that one opened record can do: the road's part, and the console's. */
export type WholeRecord = Store & ConsoleRecord;
