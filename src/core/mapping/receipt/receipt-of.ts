import type { PathModel } from '../../fhirpath/shapes.ts';
import type { MappingStamp } from '../../message.ts';
import { inputElements } from './input-elements.ts';
import { type MadeElement, MadeValues } from './made-values.ts';
import { placeProduction } from './place-productions.ts';
import { FATES, type InputElement, type Receipt, type ReceiptTotals, type ResultElement } from './receipt.ts';
import type { Trail } from './trail.ts';

interface Ran {
  readonly input: unknown;
  readonly trail: Trail;
  readonly model: PathModel | undefined;
}

/** The receipt of a run, from the trail that it left. */
export function receiptOf({ input, trail, model }: Ran, mapping: MappingStamp): Receipt {
  const values = new MadeValues(trail);
  for (const one of trail.made) placeProduction(one, { pointer: '', key: undefined }, values);
  const elements = inputElements(input, trail.marks, model);
  const result = values.elements.map(resultElement);
  return { mapping, input: elements, result, totals: totalsOf(elements, result) };
}

function resultElement({ made, marks, holders }: MadeElement): ResultElement {
  const from = marks.length === 0 ? holders : [...marks.map(({ element }) => element), ...holders];
  return { pointer: made.pointer, from, rule: made.rule };
}

function totalsOf(input: readonly InputElement[], result: readonly ResultElement[]): ReceiptTotals {
  const totals = noTotals();
  for (const { fate } of input) totals[fate] += 1;
  for (const { from } of result) if (from.length === 0) totals.invented += 1;
  return totals;
}

type Counting = { -readonly [Fate in keyof ReceiptTotals]: number };

function noTotals(): Counting {
  return { kept: 0, renamed: 0, translated: 0, narrowed: 0, decided: 0, dropped: 0, invented: 0 };
}

/** The totals of several receipts together. */
export function addedTotals(all: readonly ReceiptTotals[]): ReceiptTotals {
  const sum = noTotals();
  for (const one of all) for (const fate of [...FATES, 'invented'] as const) sum[fate] += one[fate];
  return sum;
}
