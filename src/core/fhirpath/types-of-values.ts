import type { Compiler, NativeFunction } from './compiler.ts';
import { type Closure, EvaluationError, LeftToPackage } from './frame.ts';
import { EMPTY, FALSE, isJsonObject, Node, TRUE } from './items.ts';
import type { PathModel } from './shapes.ts';
import { child, identifierOf, type Syntax } from './syntax.ts';

/** Types (FHIRPath 6.3 and 5.2.4): is, as, ofType. */

/** A type of a namespace: `FHIR` or `System`. */
interface TypeName {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The type of a value; undefined for values of the package, which knows it. */
export function typeOf(item: unknown): TypeName | undefined {
  if (!(item instanceof Node)) return systemType(item);
  const { type } = item.shape;
  if (type === undefined) return systemType(item.data);
  return type.startsWith('System.')
    ? { namespace: 'System', name: type.slice('System.'.length) }
    : { namespace: 'FHIR', name: type };
}

function systemType(data: unknown): TypeName | undefined {
  const name = systemName(data);
  return name === undefined ? undefined : { namespace: 'System', name };
}

function systemName(data: unknown): string | undefined {
  switch (typeof data) {
    case 'string':
      return 'String';
    case 'boolean':
      return 'Boolean';
    case 'number':
      return Number.isInteger(data) ? 'Integer' : 'Decimal';
    case 'object':
      return data === null || isJsonObject(data) ? 'Object' : undefined;
    default:
      return undefined;
  }
}

/** Whether a node is of a type named without namespace, or of one derived from it. */
export function isOfKind(node: Node, name: string, model: PathModel | undefined): boolean {
  const type = typeOf(node);
  return type !== undefined && isA(node, type, { namespace: undefined, name }, model);
}

function isA(item: unknown, type: TypeName, wanted: TypeName, model: PathModel | undefined): boolean {
  if (wanted.namespace !== undefined && wanted.namespace !== type.namespace) return false;
  const derives = type.namespace === 'FHIR' && model !== undefined && item instanceof Node;
  return derives ? item.shape.kinds.has(wanted.name) : type.name === wanted.name;
}

/** What FHIR's primitives become where FHIRPath's own types are asked for. */
const AUTOMATIC: ReadonlyMap<string, string> = new Map([
  ['boolean', 'Boolean'],
  ...['string', 'uri', 'code', 'oid', 'id', 'uuid', 'markdown', 'base64Binary'].map(
    (name) => [name, 'String'] as const,
  ),
  ...['integer', 'unsignedInt', 'positiveInt'].map((name) => [name, 'Integer'] as const),
  ['decimal', 'Decimal'],
  ...['date', 'dateTime', 'instant'].map((name) => [name, 'DateTime'] as const),
  ['time', 'Time'],
  ['Quantity', 'Quantity'],
]);

export function isConvertible(item: unknown, type: TypeName, wanted: TypeName, model: PathModel | undefined): boolean {
  const automatic =
    type.namespace === 'FHIR' && wanted.namespace !== 'FHIR' && AUTOMATIC.get(type.name) === wanted.name;
  return automatic || isA(item, type, wanted, model);
}

/** The type that an argument or operand names; one that the package would refuse is left to it. */
export function wantedType(text: string, compiler: Pick<Compiler, 'world'>): TypeName {
  const parts = text.split('.').map(identifierOf);
  const [first = '', second] = parts;
  const wanted = second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
  const { namespace = '' } = wanted;
  const known =
    (namespace !== 'FHIR' && SYSTEM_TYPES.has(wanted.name)) ||
    (namespace !== 'System' && compiler.world.model?.availableTypes.has(wanted.name) === true);
  if (parts.length > 2 || !['', 'FHIR', 'System'].includes(namespace) || !known)
    throw new LeftToPackage('a type that does not exist');
  return wanted;
}

const SYSTEM_TYPES = new Set([
  'Boolean',
  'String',
  'Integer',
  'Long',
  'Decimal',
  'Date',
  'DateTime',
  'Time',
  'Quantity',
]);

function compileOfType(text: string, compiler: Compiler): Closure {
  const wanted = wantedType(text, compiler);
  const { model } = compiler.world;
  const fallback = `%a.ofType(${text})`;
  return (focus) => {
    const kept: unknown[] = [];
    for (const item of focus) {
      const type = typeOf(item);
      if (type === undefined) return compiler.world.operation(fallback)(focus);
      if (isConvertible(item, type, wanted, model)) kept.push(item);
    }
    return kept;
  };
}

/** Tells whether the only item is of a type; undefined when there is none. */
function typeTest(text: string, compiler: Compiler): (items: readonly unknown[]) => boolean | undefined {
  const wanted = wantedType(text, compiler);
  const { model } = compiler.world;
  const fallback = `%a is ${text}`;
  return (items) => {
    if (items.length > 1) throw new EvaluationError('is and as take one item');
    if (items.length === 0) return undefined;
    const [item] = items;
    const type = typeOf(item);
    return type === undefined ? compiler.world.operation(fallback)(items)[0] === true : isA(item, type, wanted, model);
  };
}

function compileIs(text: string, compiler: Compiler): Closure {
  const test = typeTest(text, compiler);
  return (focus) => {
    const verdict = test(focus);
    if (verdict === undefined) return EMPTY;
    return verdict ? TRUE : FALSE;
  };
}

function compileAs(text: string, compiler: Compiler): Closure {
  const test = typeTest(text, compiler);
  return (focus) => (test(focus) === true ? focus : EMPTY);
}

/** The operators `is` and `as`. */
export function compileTypeOperator(node: Syntax, compiler: Compiler): Closure {
  const operand = compiler.operand(child(node, 0));
  const text = child(node, 1).text ?? '';
  const test = node.text === 'is' ? compileIs(text, compiler) : compileAs(text, compiler);
  return (_focus, frame) => test(operand(frame), frame);
}

function withType(compile: (text: string, compiler: Compiler) => Closure): NativeFunction {
  return {
    parameters: [1],
    compile: ([type], compiler) => {
      if (type?.text === undefined) throw new LeftToPackage('a type that does not exist');
      return compile(type.text, compiler);
    },
  };
}

export const TYPE_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['ofType', withType(compileOfType)],
  ['is', withType(compileIs)],
  ['as', withType(compileAs)],
];
