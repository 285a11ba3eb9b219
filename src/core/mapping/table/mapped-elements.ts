import { anyBelow, callOf } from '../../fhirpath/syntax.ts';
import { CONSTANTS, fixedNames } from '../constants.ts';
import { literalText } from '../expression-check.ts';
import { parseExpression, type SyntaxNode } from '../expression-tree.ts';
import type { Expression, MappingSource, Member, Template, Variable } from '../template.ts';
import { type Leaf, writtenAs } from '../template-leaves.ts';
import { type Places, type PlacesByName, readPlaces, valuePlaces } from './v2-places.ts';

/** One element of a resource that a mapping makes, and what of the message it is made of. */
export interface MappedElement {
  readonly resource: string;
  /** `name.family`: member names, without places in lists. */
  readonly path: string;
  /** Places whose value it is; of what is written in the template, the places on which it depends. */
  readonly from: Places;
  /** What must hold, outermost first, as FHIRPath on the message. */
  readonly when: readonly string[];
  /** What it stands for each of: `for each %code in PR1.f3`. */
  readonly each: readonly string[];
  /** The constant, as JSON; absent where it is made of a value. */
  readonly assigned?: string;
  /** The expression, where it is more than a path. */
  readonly made?: string;
  /** Concept maps that it goes through. */
  readonly maps: readonly string[];
}

interface Here {
  readonly resource: string;
  readonly path: readonly string[];
  readonly when: readonly string[];
  readonly each: readonly string[];
  /** What the directive that is nearest looks at. */
  readonly decided: Places;
  readonly names: PlacesByName;
  /** What variables are written as, where that is short enough to be read in their place. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every place that anything looks at. */
  readonly looked: Set<string>;
}

interface Mapped {
  readonly elements: readonly MappedElement[];
  /** Every place that is looked at, also only to decide. */
  readonly looked: Places;
}

/** Goes through the template of a mapping from HL7 v2 and tells of each element that it makes, in its order. */
export function mappedElements(source: MappingSource): Mapped {
  const fixed = new Map([...fixedNames(source.from).keys()].map((name) => [name, new Set<string>()] as const));
  const here: Here = {
    resource: '',
    path: [],
    when: [],
    each: [],
    decided: new Set(),
    names: fixed,
    texts: SYSTEMS,
    looked: new Set(),
  };
  return { elements: walk(source.result, withVariables(source.variables, here)), looked: here.looked };
}

/** Systems under their own name. */
const SYSTEMS: ReadonlyMap<string, string> = new Map([...CONSTANTS].map(([name, system]) => [name, `'${system}'`]));

function walk(template: Template, here: Here): MappedElement[] {
  if (template.kind === 'list') return template.items.flatMap((item) => walk(item, here));
  if (template.kind !== 'object') return leaf(template, here);
  const assigned = template.members.flatMap((one) => (one.kind === 'assign' ? one.variables : []));
  const type = resourceTypeOf(template.members);
  const inner = withVariables(assigned, type === undefined ? here : { ...here, resource: type, path: [] });
  return template.members.flatMap((one) => walkMember(one, inner));
}

/** The type that an object says it is, itself or through a fragment. */
function resourceTypeOf(members: readonly Member[]): string | undefined {
  for (const one of members) {
    if (one.kind === 'field' && one.key === 'resourceType' && one.value.kind === 'constant')
      return String(one.value.value);
    const body = one.kind === 'include' && one.body.kind === 'object' ? resourceTypeOf(one.body.members) : undefined;
    if (body !== undefined) return body;
  }
  return undefined;
}

function walkMember(one: Member, here: Here): MappedElement[] {
  switch (one.kind) {
    case 'field':
      return walk(one.value, { ...here, path: [...here.path, one.key] });
    case 'if': {
      const condition = shown(one.condition, here);
      const decided = reads(one.condition, here);
      const inner = (when: string) => ({ ...here, when: [...here.when, when], decided });
      return [
        ...walk(one.chosen, inner(condition)),
        ...(one.otherwise === undefined ? [] : walk(one.otherwise, inner(`(${condition}).not()`))),
      ];
    }
    case 'for': {
      const over = valuesOf(one.over, here);
      const names = new Map([
        ...here.names,
        [one.item, over] as const,
        ...(one.index ? [[one.index, new Set<string>()] as const] : []),
      ]);
      const each = [...here.each, `%${one.item} in ${shown(one.over, here)}`];
      const decided = reads(one.over, here);
      return walk(one.body, { ...here, names, each, decided, texts: without(here.texts, one.item) });
    }
    case 'merge':
      return one.parts.flatMap((part) => walk(part, here));
    case 'include': {
      const given = withVariables(one.parameters, here);
      const own = new Set([...one.parameters.map(({ name }) => name), ...fixedNames('hl7v2').keys()]);
      const only = <T>(all: ReadonlyMap<string, T>) => new Map([...all].filter(([name]) => own.has(name)));
      return walk(one.body, { ...here, names: only(given.names), texts: only(given.texts) });
    }
    case 'assign':
      return [];
  }
}

function leaf(template: Leaf['template'], here: Here): MappedElement[] {
  const { resource, when, each, decided } = here;
  const path = here.path.join('.');
  if (resource === '' || resource === 'Bundle' || path === 'resourceType') return [];
  const at = { resource, path, when, each };
  if (template.kind === 'constant') {
    return template.value === null
      ? []
      : [{ ...at, from: decided, assigned: JSON.stringify(template.value), maps: [] }];
  }
  const expressions =
    template.kind === 'text' ? template.parts.filter((part) => typeof part !== 'string') : [template.expression];
  const from = new Set(expressions.flatMap((one) => [...valuesOf(one, here)]));
  const maps = expressions.flatMap((one) => mapsIn(treeOf(one)));
  const written = template.kind === 'text' ? writtenAs(template) : shown(template.expression, here);
  // Nothing of the message is in it: a system, a word that is always the same.
  if (from.size === 0) return [{ ...at, from: decided, assigned: written, maps }];
  return [{ ...at, from, maps, ...(isPath(written) ? {} : { made: written }) }];
}

function isPath(text: string): boolean {
  return /^[A-Z][A-Z0-9]{2}(\.first\(\))?\.f\d+(\.c\d+(s\d+)?)?$/.test(text);
}

/* ------------------------------------------------------------------ variables */

function withVariables(variables: readonly Variable[], here: Here): Here {
  const names = new Map(here.names);
  const texts = new Map(here.texts);
  for (const { name, value } of variables) {
    names.set(name, valuesIn(value, { names, looked: here.looked }));
    // A parameter can be named like the variable that it is given.
    const text =
      value.kind === 'first' || value.kind === 'all' ? shown(value.expression, { ...here, texts }) : undefined;
    texts.delete(name);
    if (text !== undefined && text.length <= LONGEST) texts.set(name, text);
  }
  return { ...here, names, texts };
}

/** Longer ones are easier to read under their name. */
const LONGEST = 90;

function valuesIn(template: Template, here: Looking): Places {
  if (template.kind === 'first' || template.kind === 'all') {
    const values = valuesOf(template.expression, here);
    // A yes or a no is none of its places' values, and depends on them all the same.
    return values.size > 0 ? values : reads(template.expression, here);
  }
  if (template.kind !== 'text') return new Set();
  return new Set(template.parts.flatMap((part) => (typeof part === 'string' ? [] : [...valuesOf(part, here)])));
}

/** An expression with its variables written out, where they are short. */
function shown({ text }: Expression, { texts }: Pick<Here, 'texts'>): string {
  return text.replace(/\s+/g, ' ').replace(/%([A-Za-z_]\w*)/g, (written: string, name: string) => {
    const meant = texts.get(name);
    if (meant === undefined) return written;
    if (written === text) return meant;
    return /^(?:[\w.()%]+|'[^']*')$/.test(meant) ? meant : `(${meant})`;
  });
}

function without<T>(all: ReadonlyMap<string, T>, name: string): ReadonlyMap<string, T> {
  return new Map([...all].filter(([key]) => key !== name));
}

/* ------------------------------------------------------------------ expressions */

function treeOf(expression: Expression): SyntaxNode {
  const parsed = parseExpression(expression);
  if (parsed.kind !== 'tree') throw new Error('a mapping with a syntax error was let through');
  return parsed.tree;
}

type Looking = Pick<Here, 'names' | 'looked'>;

function valuesOf(expression: Expression, { names, looked }: Looking): Places {
  return valuePlaces(treeOf(expression), { names, onRead: (place) => looked.add(place) });
}

function reads(expression: Expression, { names, looked }: Looking): Places {
  const found = readPlaces(treeOf(expression), names);
  for (const place of found) looked.add(place);
  return found;
}

function mapsIn(tree: SyntaxNode): string[] {
  const found: string[] = [];
  anyBelow(tree, (node) => {
    if (node.type !== 'FunctionInvocation') return false;
    const { name, given } = callOf(node);
    const [first] = given;
    const map = name.startsWith('translate') && first !== undefined ? literalText(first) : undefined;
    if (map !== undefined) found.push(map);
    return false;
  });
  return found;
}
