import type { Finding, Place } from '../finding.ts';

/** How much one message may hold. What is done with a message grows with this, and one message must not stop all others. */
export interface SizeLimits {
  /** Items of the list named `name` in `owner` (undefined at the top and inside another list). */
  readonly itemsOf: (owner: JsonObject | undefined, name: string) => number;
  /** Values of every kind together: objects, lists, texts, numbers. */
  readonly maxNodes: number;
}

/** How a place in the message is written, and what the findings' rules begin with. */
export interface SizeWording {
  readonly family: 'fhir' | 'json';
  readonly root: string;
  readonly member: (at: string, name: string) => string;
  readonly item: (at: string, index: number) => string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A value with its place. */
interface Seen {
  readonly value: unknown;
  readonly at: string;
  readonly owner: JsonObject | undefined;
  readonly name: string;
}

/**
 * What makes a parsed message too large: every list that is too long, and too many values altogether. Looks at no more than
 * `maxNodes` values and without recursion, so that the check itself costs no more than what it lets through.
 */
export function sizeFindings(content: unknown, limits: SizeLimits, wording: SizeWording): Finding[] {
  const findings: Finding[] = [];
  const seen: Seen[] = [{ value: content, at: wording.root, owner: undefined, name: '' }];
  for (let next = 0; next < seen.length; next += 1) {
    const inner = insideOf(seen[next], limits, wording);
    // One by one: as arguments of a single call, too many of them would exhaust the stack.
    if (Array.isArray(inner)) for (const one of inner) seen.push(one);
    else if (inner !== undefined) findings.push(inner);
    if (seen.length > limits.maxNodes) return [...findings, tooManyNodes(limits.maxNodes, wording)];
  }
  return findings;
}

/** What stands inside a value; or, of a list that is refused anyway, only that. */
function insideOf(one: Seen | undefined, limits: SizeLimits, wording: SizeWording): Seen[] | Finding | undefined {
  if (one === undefined) return undefined;
  const { value, at } = one;
  if (Array.isArray(value)) {
    const most = limits.itemsOf(one.owner, one.name);
    if (value.length > most) return tooManyItems({ count: value.length, most, at }, wording);
    return value.map((item: unknown, index) => ({
      value: item,
      at: wording.item(at, index),
      owner: undefined,
      name: '',
    }));
  }
  if (!isObject(value)) return undefined;
  return Object.entries(value).map(([name, inner]) => ({
    value: inner,
    at: wording.member(at, name),
    owner: value,
    name,
  }));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function tooManyItems(list: { count: number; most: number; at: string }, { family }: SizeWording): Finding {
  return {
    severity: 'error',
    rule: `${family}/too-many-items`,
    place: placeAt(list.at),
    message: `The list holds ${list.count} items; at most ${list.most} are read here.`,
    remedy: 'Send only the items that matter here, or ask the operator to raise the limit.',
    issue: 'too-costly',
  };
}

function tooManyNodes(maxNodes: number, { family, root }: SizeWording): Finding {
  return {
    severity: 'error',
    rule: `${family}/too-many-values`,
    place: placeAt(root),
    message: `The message holds more than ${maxNodes} values (elements, list items, texts and numbers together).`,
    remedy: 'Send less in one message, or ask the operator to raise the limit.',
    issue: 'too-costly',
  };
}

function placeAt(expression: string): Place {
  return expression === '' ? {} : { expression };
}
