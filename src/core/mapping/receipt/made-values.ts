import { Derived, isObject, isRead, type Node } from '../../fhirpath/items.ts';
import { placeOf } from '../../fhirpath/places.ts';
import type { Mark } from './marks.ts';
import type { Key } from './production.ts';
import type { Rule, Use } from './receipt.ts';
import { saysTheSame } from './same-value.ts';
import { inputNodes, isOfTemplate, type Spot, spotOf } from './spot.ts';
import { codeSpots, type Trail } from './trail.ts';

/** Where a value of the result stands, and the part that made it. */
export interface Made {
  readonly pointer: string;
  /** The key that it stands under, its own or that of the list that it stands in. */
  readonly key: Key | undefined;
  readonly rule: Rule;
}

/** An element of the result: from these elements of the input, and from these objects and lists of it. */
export interface MadeElement {
  readonly made: Made;
  readonly marks: readonly Mark[];
  readonly holders: readonly string[];
}

const NONE: readonly never[] = [];

/** Collects the elements of a result, and tells the elements of the input where they went. */
export class MadeValues {
  readonly elements: MadeElement[] = [];
  readonly #trail: Trail;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  invented(made: Made): void {
    this.elements.push({ made, marks: NONE, holders: NONE });
  }

  /** A value that an expression gave, as it went into the result. */
  add(item: unknown, value: unknown, made: Made): void {
    if (!isObject(value)) this.#addOne(item, value, made);
    else if (isRead(item)) this.#addCopied(item.data, value, { item, made });
    else for (const [inner, at] of leavesWithin(value, made)) this.#addDerived(item, inner, at);
  }

  /** Values that were put together into one text. */
  addJoined(items: readonly unknown[], value: unknown, made: Made): void {
    const nodes = new Set(items.flatMap(nodesOf));
    if (nodes.size === 0) this.invented(made);
    else this.#addFrom([...nodes], value, made);
  }

  /** Of what was read and not taken. */
  passedOver(item: unknown, rule: Rule): void {
    for (const node of nodesOf(item)) {
      const spot = isObject(node.data) ? undefined : spotOf(node);
      if (spot !== undefined) this.#trail.marks.at(spot).passedBy ??= rule;
    }
  }

  #addOne(item: unknown, value: unknown, made: Made): void {
    const spot = isRead(item) && !isOfTemplate(item) ? spotOf(item) : undefined;
    if (spot === undefined) this.#addDerived(item, value, made);
    else this.#addSame(spot, isRead(item) ? item.shape.name : undefined, made);
  }

  #addDerived(item: unknown, value: unknown, made: Made): void {
    const nodes = nodesOf(item);
    if (nodes.length === 0) this.invented(made);
    else this.#addFrom(nodes, value, made);
  }

  #addSame(spot: Spot, name: string | undefined, made: Made): void {
    const mark = this.#trail.marks.at(spot);
    mark.use(use(made, made.key !== undefined && isNamed(made.key, spot, name) ? 'kept' : 'renamed'));
    this.elements.push({ made, marks: [mark], holders: NONE });
  }

  #addFrom(nodes: readonly Node[], value: unknown, made: Made): void {
    const marks = new Set<Mark>();
    const holders: string[] = [];
    const alone = nodes.length === 1;
    for (const node of nodes) {
      const translated = this.#translatedAt(node);
      if (translated.length > 0) {
        for (const mark of translated) {
          marks.add(mark);
          mark.use(use(made, translationFate(mark, value)));
        }
      } else if (isObject(node.data)) holders.push(placeOf(node));
      else this.#addChanged(node, { value, alone, made }, marks);
    }
    this.elements.push({ made, marks: [...marks], holders });
  }

  #addChanged(
    node: Node,
    { value, alone, made }: { readonly value: unknown; readonly alone: boolean; readonly made: Made },
    marks: Set<Mark>,
  ): void {
    const spot = spotOf(node);
    if (spot === undefined) return;
    const mark = this.#trail.marks.at(spot);
    marks.add(mark);
    const isSame = alone && saysTheSame(value, node.data);
    const isKept = isSame && made.key !== undefined && isNamed(made.key, spot, node.shape.name);
    mark.use(use(made, isKept ? 'kept' : isSame ? 'renamed' : 'narrowed'));
  }

  #translatedAt(node: Node): Mark[] {
    const { marks } = this.#trail;
    return codeSpots(node)
      .flatMap((spot) => marks.known(spot) ?? [])
      .filter(({ translations }) => translations.length > 0);
  }

  #addCopied(data: unknown, value: unknown, { item, made }: { readonly item: Node; readonly made: Made }): void {
    if (!isObject(data) || !isObject(value) || isOfTemplate(item)) {
      for (const [inner, at] of leavesWithin(value, made)) this.#addDerived(item, inner, at);
      return;
    }
    for (const [inner, at, spot] of copiesWithin(data, value, made)) {
      if (spot !== undefined) this.#addSame(spot, undefined, at);
      else this.#addDerived(item, inner, at);
    }
  }
}

function use(made: Made, fate: Use['fate']): Use {
  return { pointer: made.pointer, fate, rule: made.rule };
}

function nodesOf(item: unknown): readonly Node[] {
  if (!(item instanceof Derived)) return isRead(item) ? inputNodes(item) : NONE;
  const { sources } = item;
  if (sources.length > 1) return sources.flatMap(inputNodes);
  const [only] = sources;
  return only === undefined ? NONE : inputNodes(only);
}

/** In a list the name is that of the list. */
function isNamed(key: Key, { holder, key: own }: Spot, name: string | undefined): boolean {
  return key.name === own || key.name === name || (Array.isArray(holder) && name === undefined);
}

/** What a map calls equivalent is translated; anything else that came of it says less, or something else. */
function translationFate({ translations }: Mark, value: unknown): Use['fate'] {
  const exact = translations.some(({ told, gave }) => EXACT.has(told.equivalence) && gave.includes(value));
  return exact ? 'translated' : 'narrowed';
}

const EXACT = new Set(['equivalent', 'equal']);

type Within = [value: unknown, made: Made, spot?: Spot];

function leavesWithin(value: unknown, made: Made): Within[] {
  if (!isObject(value)) return value === undefined || value === null ? [] : [[value, made]];
  return entriesOf(value).flatMap(([key, inner]) => leavesWithin(inner, below(made, key)));
}

/** A copy and what it was copied from have the same form. */
function copiesWithin(data: Readonly<Record<string, unknown>>, value: unknown, made: Made): Within[] {
  if (!isObject(value)) return [];
  return entriesOf(value).flatMap(([key, inner]): Within[] => {
    const at = below(made, key);
    const from = data[key];
    if (isObject(inner)) return isObject(from) ? copiesWithin(from, inner, at) : leavesWithin(inner, at);
    return inner === undefined || inner === null ? [] : [[inner, at, { holder: data, key }]];
  });
}

function entriesOf(value: Readonly<Record<string, unknown>>): [string | number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value);
}

function below({ pointer, key, rule }: Made, name: string | number): Made {
  if (typeof name === 'number') return { pointer: `${pointer}/${name}`, key, rule };
  const step = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { pointer: pointer + step, key: { name, step }, rule };
}
