import { integer } from '../rows/row.ts';
import type { Asked } from './reading-pool.ts';
import { LAST_NUMBER, LOWEST_ANNOUNCED, settledNumber } from './statements-journal.ts';

/** Up to which number no entry can come any more. Whoever reads entries asks this first, in a statement before. */
export async function settledThrough(session: Asked): Promise<number> {
  const [last = {}] = await session.all(LAST_NUMBER);
  const [announced = {}] = await session.all(LOWEST_ANNOUNCED);
  const lowest = announced['number'];
  return settledNumber(integer(last, 'last'), lowest === null ? undefined : integer(announced, 'number'));
}
