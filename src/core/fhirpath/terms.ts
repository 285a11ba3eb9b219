import fhirpath from 'fhirpath';
import type { Compiler } from './compiler.ts';
import { BAIL, type Closure, LeftToPackage } from './frame.ts';
import { EMPTY, FALSE, type Items, isObject, Node, TRUE } from './items.ts';
import { nodeFor } from './navigation.ts';
import { child, type Syntax, textOf, variableNameOf } from './syntax.ts';

/** What stands for itself: literals, variables, $this, $index, $total (FHIRPath 4.1, 3.3 and 9). */

export function compileLiteral(node: Syntax, compiler: Compiler): Closure {
  const items = literalItems(node, compiler);
  return () => items;
}

function literalItems(node: Syntax, compiler: Compiler): Items {
  const literal = child(node);
  const text = literal.text ?? '';
  switch (literal.type) {
    case 'NullLiteral':
      return EMPTY;
    case 'BooleanLiteral':
      return text === 'true' ? TRUE : FALSE;
    case 'StringLiteral':
      return [textOf(text)];
    case 'NumberLiteral':
      // 1.50 says more than its number: how exact it is.
      return String(Number(text)) === text ? [Number(text)] : packageLiteral(text, compiler);
    default:
      return packageLiteral(node.text ?? text, compiler);
  }
}

/** Dates, times, quantities and long integers are values of the package. */
function packageLiteral(text: string, compiler: Compiler): Items {
  compiler.leave(text);
  try {
    const values: unknown[] = fhirpath.evaluate({}, text, {}, compiler.world.model, { resolveInternalTypes: false });
    return values.map(compiler.world.values.fromPackage);
  } catch {
    throw new LeftToPackage('a literal that cannot be read');
  }
}

export function compileVariable(node: Syntax, compiler: Compiler): Closure {
  const name = variableNameOf(node);
  return (_focus, frame) => {
    const { variables } = frame;
    const value = variables[name];
    if (value !== undefined || name in variables) return variableItems(value, compiler);
    if (name === 'context') return frame.root;
    if (name === 'ucum') return UCUM;
    throw BAIL;
  };
}

const UCUM: Items = ['http://unitsofmeasure.org'];

function variableItems(value: unknown, { world }: Compiler): Items {
  if (value === undefined || value === null) return EMPTY;
  if (!Array.isArray(value)) return [isResource(value) ? nodeFor(value, world) : value];
  let resources = false;
  for (const item of value) {
    if (item === null || item === undefined || Array.isArray(item)) throw BAIL;
    resources ||= isResource(item);
  }
  return resources ? value.map((item) => (isResource(item) ? nodeFor(item, world) : item)) : value;
}

function isResource(value: unknown): boolean {
  return isObject(value) && !(value instanceof Node) && Boolean(value['resourceType']);
}

export const thisItems: Closure = (_focus, frame) => frame.self;

export const indexItems: Closure = (_focus, { index }) => (index === undefined ? EMPTY : [index]);

export const totalItems: Closure = (_focus, { total }) => total ?? EMPTY;
