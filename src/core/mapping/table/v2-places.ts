import { callOf, type Syntax, variableNameOf } from '../../fhirpath/syntax.ts';

/** A set of places of an HL7 v2 message: `PID-3.1`, `PID-3`, `PID`; `` for the message itself. */
export type Places = ReadonlySet<string>;
export type PlacesByName = ReadonlyMap<string, Places>;

export const MESSAGE: Places = new Set(['']);
const NONE: Places = new Set();

/** What gives a yes or a no, or a number of things: of the value that was asked about, nothing is left. */
const ASKING = new Set(
  'exists empty all count startsWith endsWith contains matches matchesFull not hasValue length allTrue anyTrue is'.split(
    ' ',
  ),
);

interface Around {
  readonly names: PlacesByName;
  /** Hears of every place that is read on the way. */
  readonly onRead?: (place: string) => void;
}

/** The places of the message whose values an expression can give, whatever its conditions decide. */
export function valuePlaces(tree: Syntax, around: Around): Places {
  return placesOf(tree, MESSAGE, around);
}

/** Every place that an expression looks at, those of its conditions too; the deepest of each path. */
export function readPlaces(tree: Syntax, names: PlacesByName): Places {
  const seen = new Set<string>();
  const given = placesOf(tree, MESSAGE, { names, onRead: (place) => seen.add(place) });
  for (const place of given) seen.add(place);
  const all = [...seen];
  return new Set(all.filter((place) => place !== '' && !all.some((other) => isWithin(other, place))));
}

function isWithin(place: string, outer: string): boolean {
  return place !== outer && (place.startsWith(`${outer}-`) || place.startsWith(`${outer}.`));
}

function placesOf(node: Syntax, input: Places, around: Around): Places {
  const children = node.children ?? [];
  switch (node.type) {
    case 'InvocationExpression':
      return children.reduce((reached, part) => placesOf(part, reached, around), input);
    case 'MemberInvocation':
      return members(input, node.text ?? '', around);
    case 'FunctionInvocation':
      return called(node, input, around);
    case 'ThisInvocation':
      return input;
    case 'ExternalConstantTerm':
      return around.names.get(variableNameOf(node)) ?? NONE;
    case 'IndexerExpression':
    case 'TypeExpression':
      return children[0] === undefined ? NONE : placesOf(children[0], input, around);
    case 'EqualityExpression':
    case 'InequalityExpression':
    case 'MembershipExpression':
    case 'AndExpression':
    case 'OrExpression':
    case 'ImpliesExpression': {
      for (const part of children) tell(placesOf(part, input, around), around);
      return NONE;
    }
    default:
      return joined(children.map((part) => placesOf(part, input, around)));
  }
}

function members(input: Places, name: string, around: Around): Places {
  return new Set(
    [...input].flatMap((place) => {
      const found = member(place, name);
      if (found === undefined) return [];
      around.onRead?.(found);
      return [found];
    }),
  );
}

function member(place: string, name: string): string | undefined {
  if (name === 'group' && /^[A-Z][A-Z0-9]{2}$/.test(place)) return '';
  if (place === '') return /^[A-Z][A-Z0-9]{2}$/.test(name) ? name : undefined;
  const [, field] = /^f(\d+)$/.exec(name) ?? [];
  if (field !== undefined) return place.includes('-') ? undefined : `${place}-${field}`;
  const [, component, sub] = /^c(\d+)(?:s(\d+))?$/.exec(name) ?? [];
  if (component === undefined || !place.includes('-') || place.includes('.')) return undefined;
  return `${place}.${component}${sub === undefined ? '' : `.${sub}`}`;
}

function called(node: Syntax, input: Places, around: Around): Places {
  const { name, given } = callOf(node);
  const each = given.map((one) => placesOf(one, input, around));
  if (name === 'iif') {
    tell(each[0] ?? NONE, around);
    return joined(each.slice(1));
  }
  if (name === 'select') return each[0] ?? NONE;
  if (name === 'coalesce') return joined(each);
  if (name === 'union' || name === 'combine') return joined([input, ...each]);
  for (const places of each) tell(places, around);
  if (!ASKING.has(name)) return input;
  tell(input, around);
  return NONE;
}

function tell(places: Places, { onRead }: Around): void {
  for (const place of places) onRead?.(place);
}

function joined(sets: readonly Places[]): Places {
  return new Set(sets.flatMap((set) => [...set]));
}
