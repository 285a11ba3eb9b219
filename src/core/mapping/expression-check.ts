import { offsetIn, plainName, type SyntaxNode, startOf } from './expression-tree.ts';
import { FHIRPATH_FUNCTIONS, REFUSED_FUNCTIONS } from './fhirpath-functions.ts';
import { type Flaw, type Report, suggest } from './mapping-findings.ts';
import type { Expression, MapUse } from './template.ts';
import { TRANSLATING_FUNCTIONS } from './translate.ts';

/** What an expression may speak of besides its input. */
interface KnownNames {
  /** Functions beyond FHIRPath's own, with the number of their arguments. */
  readonly functions: ReadonlyMap<string, number>;
  readonly maps: readonly MapUse[];
}

/** Says which functions, argument numbers, variables and concept maps of an expression do not exist. */
export function checkExpression(
  expression: Expression,
  tree: SyntaxNode,
  names: KnownNames & { readonly variables: readonly string[] },
  report: Report,
): void {
  const tell = (node: SyntaxNode, flaw: Omit<Flaw, 'offset' | 'expression'>): void => {
    const { line, column } = startOf(node);
    report({ ...flaw, offset: offsetIn(expression, line, column), expression: expression.text });
  };
  const walk = (node: SyntaxNode): void => {
    if (node.type === 'FunctionInvocation') checkFunction(node, names, tell);
    if (node.type === 'ExternalConstantTerm') checkVariable(node, names.variables, tell);
    for (const child of node.children ?? []) walk(child);
  };
  walk(tree);
}

type Tell = (node: SyntaxNode, flaw: Omit<Flaw, 'offset' | 'expression'>) => void;

/** The arguments of a function call, in order. */
export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  const list = call.children?.[0]?.children?.find((child) => child.type === 'ParamList');
  return list?.children ?? [];
}

export function functionName(call: SyntaxNode): string {
  return plainName(call.text ?? call.children?.[0]?.text);
}

/** The text of a string literal; undefined for any other expression. */
export function literalText(node: SyntaxNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'LiteralTerm' && node.children?.[0]?.type === 'StringLiteral') return plainName(node.text);
  return node.type === 'TermExpression' && node.children?.length === 1 ? literalText(node.children[0]) : undefined;
}

export function variableName(node: SyntaxNode): string {
  return plainName(node.delimitedText ?? node.text);
}

function checkFunction(call: SyntaxNode, names: KnownNames, tell: Tell): void {
  const name = functionName(call);
  const refused = REFUSED_FUNCTIONS.get(name);
  if (refused !== undefined) {
    tell(call, {
      rule: 'mapping/refused-function',
      message: `The function ${name}() is not allowed in a mapping.`,
      remedy: refused,
      issue: 'not-supported',
    });
    return;
  }
  const own = names.functions.get(name);
  const counts = own === undefined ? FHIRPATH_FUNCTIONS.get(name) : [own];
  const given = argumentsOf(call).length;
  if (counts === undefined) {
    const all = [...names.functions.keys(), ...FHIRPATH_FUNCTIONS.keys()];
    tell(call, {
      rule: 'mapping/unknown-function',
      message: `There is no function ${name}().`,
      remedy: suggest(name, all, 'See docs/mapping.md for the functions.'),
    });
  } else if (counts !== 'any' && !counts.includes(given)) {
    tell(call, {
      rule: 'mapping/arguments',
      message: `The function ${name}() takes ${counts.join(' or ')} arguments and is given ${given}.`,
      remedy: 'Give it as many as it takes.',
    });
  } else if (TRANSLATING_FUNCTIONS.includes(name)) {
    checkMapName(argumentsOf(call)[0], call, names.maps, tell);
  }
}

function checkMapName(argument: SyntaxNode | undefined, call: SyntaxNode, maps: readonly MapUse[], tell: Tell): void {
  const map = literalText(argument);
  if (map === undefined) {
    tell(call, {
      rule: 'mapping/map-name',
      message: 'The concept map must be named by a text in quotes.',
      remedy: "Write translate('needs-to-x').",
    });
    return;
  }
  if (maps.some((use) => use.map === map)) return;
  tell(argument ?? call, {
    rule: 'mapping/undeclared-map',
    message: 'This concept map is not declared in the section "maps".',
    remedy: suggest(
      map,
      maps.map((use) => use.map),
      `Add maps: { ${map}: { system: …, onNoMatch: … } }.`,
    ),
    issue: 'not-found',
  });
}

function checkVariable(node: SyntaxNode, variables: readonly string[], tell: Tell): void {
  const name = variableName(node);
  if (variables.includes(name)) return;
  tell(node, {
    rule: 'mapping/unknown-variable',
    message: `There is no variable %${name} here.`,
    remedy: suggest(
      `%${name}`,
      variables.map((one) => `%${one}`),
      `Define it in let: or {% assign %}. There is: ${variables.map((one) => `%${one}`).join(', ')}.`,
    ),
    issue: 'not-found',
  });
}
