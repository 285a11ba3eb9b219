import type { PathModel } from '../../fhirpath/shapes.ts';
import type { ReceiptedRun } from '../compile.ts';
import { isObject } from '../plain-value.ts';
import { valuesByElement } from './input-elements.ts';
import type { Rule, Use } from './receipt.ts';

/** What a platform's echo of an element looks like in the end. */
export interface Returned {
  /** Of the first input; of what the engine gave, the part that wrote it: `{{ %referral }}`. */
  readonly element: string;
  readonly outcome: 'equal' | 'narrowed' | 'lost';
  /** Where it came back, in the last result. */
  readonly back: readonly string[];
  /** The last step that still had it, by position; -1 when it was not sent at all. */
  readonly reached: number;
  /** The part of the first template that sent it. */
  readonly rule?: Rule;
}

interface Step {
  readonly run: ReceiptedRun;
}

/** What one element of the first input, or of what the engine gave with it, became in the first result. */
interface Sent {
  readonly element: string;
  readonly value: unknown;
  readonly to: readonly Pick<Use, 'pointer' | 'rule'>[];
}

/**
 * Follows every element of the first input, and what the engine gave with it (our ids), through the receipts of several runs,
 * each of which was given the result of the one before: outward, a platform's echo, inward. Equal is what has the same value
 * in the end.
 */
export function roundTrip(input: unknown, model: PathModel | undefined, steps: readonly Step[]): Returned[] {
  const [first, ...others] = steps;
  if (first === undefined) return [];
  const last = steps.at(-1)?.run.result;
  const ways = others.map(({ run }) => new Map(run.receipt.input.map((one) => [one.element, one.to])));
  return [...givenWith(first.run), ...elementsOf(input, model, first.run)].map(({ element, value, to }) => {
    const { ends, reached } = follow(to, ways);
    const rule = to[0]?.rule;
    const said = { element, back: ends, reached, ...(rule !== undefined && { rule }) };
    if (ends.length === 0) return { ...said, outcome: 'lost' };
    return { ...said, outcome: ends.some((pointer) => at(last, pointer) === value) ? 'equal' : 'narrowed' };
  });
}

function elementsOf(input: unknown, model: PathModel | undefined, { receipt }: ReceiptedRun): Sent[] {
  const values = valuesByElement(input, model);
  return receipt.input.map(({ element, to }) => ({ element, value: values.get(element), to }));
}

/** Of what came from no input, that which an expression gave; constants say nothing of this referral. */
function givenWith({ receipt, result }: ReceiptedRun): Sent[] {
  return receipt.result
    .filter(({ from, rule }) => from.length === 0 && rule.written.includes('{{') && rule.written.includes('%'))
    .map(({ pointer, rule }) => ({ element: rule.written, value: at(result, pointer), to: [{ pointer, rule }] }));
}

function follow(
  to: Sent['to'],
  ways: readonly ReadonlyMap<string, readonly Use[]>[],
): { ends: string[]; reached: number } {
  let here = new Set(to.map(({ pointer }) => pointer));
  let reached = here.size === 0 ? -1 : 0;
  for (const way of ways) {
    here = new Set([...here].flatMap((pointer) => (way.get(pointer) ?? []).map((use) => use.pointer)));
    if (here.size > 0) reached += 1;
  }
  return { ends: [...here], reached };
}

function at(value: unknown, pointer: string): unknown {
  let here = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(here)) here = here[Number(name)];
    else here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return here;
}
