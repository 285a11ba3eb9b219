import type { R4Model } from '../fhir/model.ts';
import type { MappingFrom } from './direction.ts';
import { argumentsOf, functionName, variableName } from './expression-check.ts';
import { offsetIn, plainName, type SyntaxNode, startOf } from './expression-tree.ts';
import { type Flaw, type Report, suggest } from './mapping-findings.ts';
import type { Expression } from './template.ts';

/** What the check asks of the R4 model. */
export type Elements = Pick<R4Model, 'typeNamed' | 'elementsNamed' | 'element' | 'nearestElement' | 'nearestResource'>;

/** The R4 types that an expression can give; undefined when that is not known. */
export type Kinds = ReadonlySet<string> | undefined;

interface ElementScope {
  readonly elements: Elements;
  /** The types of the mapping's input. */
  readonly input: Kinds;
  readonly variables: ReadonlyMap<string, Kinds>;
  /** Hears of every element that is read, of what kinds; `*` stands for all of them. */
  readonly onRead?: (node: SyntaxNode, of: Kinds, name: string) => void;
}

/** The types of a mapping's input: a dossier is a Bundle, a message may be any resource; outside FHIR nothing is known. */
export function inputKinds(from: MappingFrom): Kinds {
  return from === 'fhir/referral' ? new Set(['Bundle']) : undefined;
}

/**
 * Says which elements and types of an expression R4 does not have, and tells what types it gives. An unknown element
 * would give nothing, in silence. What cannot be known (contained resources, children()) is passed over.
 */
export function checkElements(expression: Expression, tree: SyntaxNode, scope: ElementScope, report: Report): Kinds {
  const walker: Walker = {
    ...scope,
    tell(node, message, remedy, rule = 'mapping/unknown-element') {
      const { line, column } = startOf(node);
      const offset = offsetIn(expression, line, column);
      report({
        offset,
        rule,
        message,
        remedy,
        issue: 'not-found',
        expression: expression.text,
      });
    },
  };
  return kindsOf(tree, scope.input, scope.input, walker);
}

interface Walker extends ElementScope {
  readonly tell: (node: SyntaxNode, message: string, remedy: string, rule?: Flaw['rule']) => void;
}

/** `input` is what the node is applied to, `self` what $this stands for around it. */
function kindsOf(node: SyntaxNode, input: Kinds, self: Kinds, walker: Walker): Kinds {
  const children = node.children ?? [];
  switch (node.type) {
    case 'InvocationExpression':
      return children.reduce<Kinds>(
        (kinds, child, position) => kindsOf(child, position === 0 ? input : kinds, self, walker),
        input,
      );
    case 'EntireExpression':
    case 'TermExpression':
    case 'InvocationTerm':
    case 'ParenthesizedTerm':
      return children[0] === undefined ? undefined : kindsOf(children[0], input, self, walker);
    case 'MemberInvocation':
      return memberKinds(node, input, walker);
    case 'FunctionInvocation':
      return functionKinds(node, input, self, walker);
    case 'ThisInvocation':
      return self;
    case 'ExternalConstantTerm':
      return variableName(node) === 'context' ? walker.input : walker.variables.get(variableName(node));
    case 'IndexerExpression':
      return eachKinds(children, self, walker)[0];
    case 'UnionExpression':
      return joined(eachKinds(children, self, walker));
    case 'TypeExpression': {
      eachKinds(children.slice(0, 1), self, walker);
      const named = typeKinds(children[1], walker);
      return node.text === 'as' ? named : undefined;
    }
    case 'TypeSpecifier':
      return undefined;
    default:
      eachKinds(children, self, walker);
      return undefined;
  }
}

function eachKinds(nodes: readonly SyntaxNode[], self: Kinds, walker: Walker): Kinds[] {
  return nodes.map((node) => kindsOf(node, self, self, walker));
}

function joined(all: readonly Kinds[]): Kinds {
  const together = new Set<string>();
  for (const kinds of all) {
    if (kinds === undefined) return undefined;
    for (const kind of kinds) together.add(kind);
  }
  return together;
}

const SAME = new Set([
  'where',
  'first',
  'last',
  'single',
  'tail',
  'take',
  'skip',
  'distinct',
  'intersect',
  'exclude',
  'sort',
]);
/** Their arguments are read with each item as $this. */
const LAMBDAS = new Set(['where', 'select', 'all', 'exists', 'repeat', 'aggregate', 'iif', 'sort']);

function functionKinds(call: SyntaxNode, input: Kinds, self: Kinds, walker: Walker): Kinds {
  const name = functionName(call);
  const given = argumentsOf(call);
  if (name === 'ofType' || name === 'as' || name === 'is') {
    const named = typeKinds(given[0], walker);
    if (name === 'is') return undefined;
    tellImpossible(given[0], input, named, walker);
    return named;
  }
  if (name === 'children' || name === 'descendants') walker.onRead?.(call, input, '*');
  if (name === 'extension') walker.onRead?.(call, input, name);
  const inner = LAMBDAS.has(name) ? input : self;
  const kinds = given.map((argument) => kindsOf(argument, inner, inner, walker));
  if (SAME.has(name)) return input;
  switch (name) {
    case 'select':
      return kinds[0];
    case 'repeat':
      return repeated(given[0], kinds[0], walker);
    case 'iif':
      return joined(kinds.slice(1));
    case 'union':
    case 'combine':
      return joined([input, ...kinds]);
    case 'coalesce':
      return joined(kinds);
    case 'extension':
      return new Set(['Extension']);
    case 'translateCoding':
      return new Set(['Coding']);
    default:
      return undefined;
  }
}

/** Everything that a projection can reach, when it is applied again to what it gave; where it leads nowhere it ends. */
function repeated(projection: SyntaxNode | undefined, first: Kinds, walker: Walker): Kinds {
  const silent = { ...walker, tell: () => {} };
  let reached = first;
  while (projection !== undefined && reached !== undefined) {
    const next = joined([reached, kindsOf(projection, reached, reached, silent)]);
    if (next?.size === reached.size) return reached;
    reached = next;
  }
  return reached;
}

function typeKinds(node: SyntaxNode | undefined, walker: Walker): Kinds {
  const written = (node?.text ?? '').split('.').map(plainName);
  const name = written.at(-1) ?? '';
  if (written[0] === 'System' || node === undefined) return undefined;
  if (walker.elements.typeNamed(name) !== undefined) return new Set([name]);
  // System types may be written without their namespace.
  if (/^(String|Boolean|Integer|Long|Decimal|Date|DateTime|Time|Quantity)$/.test(name)) return undefined;
  const near = walker.elements.nearestResource(name);
  walker.tell(
    node,
    `FHIR R4 has no type ${name}.`,
    near === undefined ? 'Name a resource or data type of R4.' : `Did you mean "${near}"?`,
  );
  return undefined;
}

/** Data types that R4 builds on others: ofType(string) also finds a code. */
const SPECIAL: ReadonlyMap<string, readonly string[]> = new Map([
  ['string', ['code', 'id', 'markdown']],
  ['uri', ['url', 'canonical', 'uuid', 'oid']],
  ['integer', ['positiveInt', 'unsignedInt']],
  ['Quantity', ['Age', 'Count', 'Distance', 'Duration', 'MoneyQuantity', 'SimpleQuantity']],
]);

/** A type that an element can never have gives nothing, in silence: `Observation.value.ofType(Address)`. */
function tellImpossible(node: SyntaxNode | undefined, input: Kinds, named: Kinds, walker: Walker): void {
  const [type] = named ?? [];
  if (node === undefined || input === undefined || input.size === 0 || type === undefined) return;
  const possible = [type, ...(SPECIAL.get(type) ?? [])];
  const known = [...input].every((kind) => isDataType(kind, walker));
  if (!known || !isDataType(type, walker) || possible.some((one) => input.has(one))) return;
  walker.tell(
    node,
    `What stands here can never be of the type ${type}.`,
    suggest(type, [...input], `It can be: ${[...input].sort().join(', ')}.`),
    'mapping/choice-type',
  );
}

function isDataType(kind: string, walker: Walker): boolean {
  const type = walker.elements.typeNamed(kind);
  return type?.kind === 'complex' || type?.kind === 'primitive';
}

function memberKinds(node: SyntaxNode, input: Kinds, walker: Walker): Kinds {
  const name = plainName(node.text);
  if (input === undefined) {
    if (walker.elements.typeNamed(name)?.kind === 'resource') return new Set([name]);
    walker.onRead?.(node, input, name);
    return undefined;
  }
  if (input.has(name)) return input;
  walker.onRead?.(node, input, name);
  if (input.size === 0 || name === 'resourceType') return undefined;
  const found = [...input].map((kind) => elementKinds(kind, name, walker.elements));
  const known = found.filter((kinds) => kinds !== 'none');
  if (known.length > 0) return joined(known);
  tellUnknown(node, name, input, walker);
  return undefined;
}

/** The types of an element of a type; `none` when R4 has no such element there. */
function elementKinds(kind: string, name: string, elements: Elements): Kinds | 'none' {
  const type = elements.typeNamed(kind);
  if (type === undefined) return undefined;
  if (type.kind === 'primitive' || name === 'extension' || name === 'id') {
    if (name === 'extension') return new Set(['Extension']);
    return name === 'id' || name === 'value' ? new Set(['string']) : 'none';
  }
  const found = elements.elementsNamed(kind, name);
  if (found.length === 0) return 'none';
  return found.some(({ type: of }) => of === 'Resource' || of === 'Element')
    ? undefined
    : new Set(found.map(({ type: of }) => of));
}

function tellUnknown(node: SyntaxNode, name: string, input: ReadonlySet<string>, walker: Walker): void {
  const kinds = [...input];
  const choice = kinds.map((kind) => walker.elements.element(kind, name)).find((element) => element?.choice);
  const near = kinds.map((kind) => walker.elements.nearestElement(kind, name)).find((found) => found !== undefined);
  const remedy =
    choice !== undefined
      ? `FHIRPath names it ${choice.path}: write ${choice.path}.ofType(${choice.type}).`
      : walker.variables.has(name)
        ? `Did you mean "%${name}"? Plain names are elements.`
        : near === undefined
          ? 'See the R4 specification for its elements.'
          : `Did you mean "${near}"?`;
  walker.tell(node, `FHIR R4 has no element ${name} in ${kinds.slice(0, 3).join(', ')}.`, remedy);
}
