import { parsedTree } from '../fhirpath/parsed.ts';
import { anyBelow, variableNameOf } from '../fhirpath/syntax.ts';
import type { Flaw } from './mapping-findings.ts';
import type { Expression } from './template.ts';

/** A node of the tree that the fhirpath package parses an expression into. Lines and columns count from 1. */
export interface SyntaxNode {
  readonly type: string;
  readonly text?: string;
  /** A quoted external constant (%`name`, %'name') has its name here. */
  readonly delimitedText?: string;
  readonly start?: { readonly line: number; readonly column: number };
  readonly children?: readonly SyntaxNode[];
}

type Parsed =
  | { readonly kind: 'tree'; readonly tree: SyntaxNode }
  | { readonly kind: 'flaws'; readonly flaws: readonly Flaw[] };

/** Parses an expression with the fhirpath package; its mistakes as flaws at their places in the file. */
export function parseExpression(expression: Expression): Parsed {
  try {
    const tree: SyntaxNode = parsedTree(expression.text);
    return { kind: 'tree', tree };
  } catch (error) {
    const spots = syntaxErrors(error);
    const first = spots[0];
    // What follows the first error is the parser guessing its way on.
    return { kind: 'flaws', flaws: [syntaxFlaw(expression, first)] };
  }
}

/** Whether a name can be written as %name: letters, digits and _, and no word that FHIRPath keeps for itself. */
export function isVariableName(name: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(name)) return false;
  try {
    parsedTree(`%${name}`);
    return true;
  } catch {
    return false;
  }
}

/** Where in the file a place within an expression is; the expression's beginning when escapes or folding hide it. */
export function offsetIn(expression: Expression, line: number, column: number): number {
  const start = expression.lines[line - 1];
  if (start === undefined) return expression.offset;
  const length = expression.text.split('\n')[line - 1]?.length ?? 0;
  return start + Math.min(column - 1, length);
}

/** The first place within a node that the parser knows. */
export function startOf(node: SyntaxNode): { readonly line: number; readonly column: number } {
  if (node.start !== undefined) return node.start;
  const [first] = node.children ?? [];
  return first === undefined ? { line: 1, column: 1 } : startOf(first);
}

/** The name of an identifier without its backticks. */
export function plainName(text: string | undefined): string {
  const name = text ?? '';
  return /^(['`]).*\1$/s.test(name) ? name.slice(1, -1) : name;
}

/** The names of the variables that an expression reads. */
export function variablesIn(tree: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  anyBelow(tree, (node) => {
    if (node.type === 'ExternalConstantTerm') names.add(variableNameOf(node));
    return false;
  });
  return names;
}

function syntaxFlaw(expression: Expression, spot: SyntaxSpot | undefined): Flaw {
  const where = spot === undefined ? '' : ` (line ${spot.line}, column ${spot.column} of the expression)`;
  return {
    offset: spot === undefined ? expression.offset : offsetIn(expression, spot.line, spot.column),
    rule: 'mapping/syntax',
    message: `This is not valid FHIRPath${where}: ${spot === undefined ? 'it cannot be read' : reasonOf(spot.reason)}.`,
    remedy: remedyFor(expression.text),
    expression: expression.text,
  };
}

/** Names as trees of XML have them: FHIRPath takes them for a date or a comment. */
function remedyFor(text: string): string {
  const [, name] = /(?:^|[.\s(])([@#][A-Za-z_][\w-]*)/.exec(text) ?? [];
  return name === undefined
    ? 'Mend it; the whole language is at https://hl7.org/fhirpath/.'
    : `Put names that hold other signs than letters, digits and _ in backticks: \`${name}\`.`;
}

interface SyntaxSpot {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** The package throws an Error with `errors`: lists of [_, _, line, column from 0, message]; for some mistakes a bare TypeError. */
function syntaxErrors(error: unknown): SyntaxSpot[] {
  const listed = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return listed.flatMap((one: unknown): SyntaxSpot[] => {
    if (!Array.isArray(one)) return [];
    const [line, column, reason]: unknown[] = one.slice(2);
    if (typeof line !== 'number' || typeof column !== 'number') return [];
    return [{ line, column: column + 1, reason: String(reason) }];
  });
}

/** The parser lists everything that could have stood here, some thirty signs: only what it stumbled over helps. */
function reasonOf(reason: string): string {
  const [stumbled = reason] = reason.split(' expecting ');
  return stumbled.includes("'<EOF>'") && stumbled.startsWith('mismatched')
    ? 'it ends too early'
    : stumbled.replace('<EOF>', 'the end');
}
