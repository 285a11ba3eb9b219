/**
 * A node of the tree that the fhirpath package parses an expression into (`fhirpath.parse`). Lines and columns count
 * from 1.
 */
export interface Syntax {
  readonly type: string;
  readonly text?: string;
  /** A quoted external constant (%`name`, %'name') has its name here. */
  readonly delimitedText?: string;
  /** On the first name of a path: 1 outside of, 2 within the arguments of a function. There a name may be that of a type. */
  readonly atRoot?: number;
  readonly start?: { readonly line: number; readonly column: number };
  readonly children?: readonly Syntax[];
}

/** A call `name(argument, …)`. */
export interface Call {
  readonly name: string;
  readonly given: readonly Syntax[];
}

export function child(node: Syntax, position = 0): Syntax {
  const found = node.children?.[position];
  if (found === undefined) throw new Error(`a ${node.type} of FHIRPath has no part ${position}`);
  return found;
}

export function callOf(node: Syntax): Call {
  const functn = child(node);
  const list = functn.children?.find(({ type }) => type === 'ParamList');
  return { name: identifierOf(node.text ?? functn.text ?? ''), given: list?.children ?? [] };
}

/** The name of a variable without its quotes. */
export function variableNameOf(node: Syntax): string {
  return node.delimitedText === undefined ? (node.text ?? '') : textOf(node.delimitedText);
}

/** A name without its backticks. */
export function identifierOf(text: string): string {
  return text.startsWith('`') && text.endsWith('`') ? withoutEscapes(text.slice(1, -1)) : text;
}

/** The text that a string literal stands for; what is in no quotes stands for itself. */
export function textOf(literal: string): string {
  return literal.startsWith("'") && literal.endsWith("'") ? withoutEscapes(literal.slice(1, -1)) : literal;
}

/** Whether a test holds for a node or any below it. */
export function anyBelow(node: Syntax, test: (node: Syntax) => boolean): boolean {
  return test(node) || (node.children ?? []).some((below) => anyBelow(below, test));
}

const SIGNS: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', f: '\f' };

function withoutEscapes(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_match, sign: string) =>
    sign.length > 1 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : (SIGNS[sign] ?? sign),
  );
}
