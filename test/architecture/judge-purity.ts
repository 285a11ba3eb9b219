import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * What `src/core` must not do: read a clock, throw dice, look at its surroundings. Imports are the import guard's business;
 * this one reads the code itself, because `Date.now()` needs no import.
 */
const FORBIDDEN_GLOBALS = new Set([
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'globalThis',
]);
const FORBIDDEN_CALLS = new Set(['Date.now', 'Math.random', 'Date']);
const FORBIDDEN_IMPORTS = new Set(['randomUUID', 'randomBytes', 'randomInt', 'webcrypto']);

/** All impure places below `root/src/core`, as `file:line what`. */
export function impurePlaces(root: string): string[] {
  const core = join(root, 'src/core');
  return readdirSync(core, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => impureIn(join(core, name), `src/core/${name}`));
}

function impureIn(path: string, shown: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, what: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${shown}:${line + 1} ${what}`);
  };
  const visit = (node: ts.Node): void => {
    const what = impurity(node);
    if (what !== undefined) report(node, what);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
    return 'new Date()';
  if (ts.isCallExpression(node) && FORBIDDEN_CALLS.has(node.expression.getText()))
    return `${node.expression.getText()}()`;
  if (ts.isImportSpecifier(node) && FORBIDDEN_IMPORTS.has((node.propertyName ?? node.name).text))
    return `import ${node.name.text}`;
  if (ts.isIdentifier(node) && FORBIDDEN_GLOBALS.has(node.text) && isFreeName(node)) return node.text;
  return undefined;
}

/** A name used as a value of its own, not as somebody's property, parameter, key or type. */
function isFreeName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isCallExpression(parent) || ts.isVariableDeclaration(parent)
    ? !('name' in parent && parent.name === node)
    : false;
}
