import { isVariableName } from './expression-tree.ts';
import { type Report, suggest } from './mapping-findings.ts';
import type { Expression } from './template.ts';
import { linesIn, type WrittenText } from './template-text.ts';

/** What a key `{% … %}` asks for. */
type Directive =
  | { readonly kind: 'if'; readonly condition: Expression }
  | { readonly kind: 'else' }
  | { readonly kind: 'for'; readonly item: string; readonly index?: string; readonly over: Expression }
  | { readonly kind: 'merge' }
  | { readonly kind: 'assign' }
  | { readonly kind: 'include'; readonly name: string };

const FOR = /^for\s+([A-Za-z_]\w*)(?:\s*,\s*([A-Za-z_]\w*))?\s+in\s+(\S[\s\S]*)$/;
const INCLUDE = /^include\s+'([\w-]+(?:\/[\w-]+)*)'$/;
const WORDS = ['if', 'else', 'for', 'merge', 'assign', 'include'];

export function looksLikeDirective(key: string): boolean {
  return key.includes('{%');
}

/** Reads a directive key; undefined (and a flaw) when it is none. */
export function readDirective(key: WrittenText, report: Report): Directive | undefined {
  const inside = /^\{%([\s\S]*)%\}$/.exec(key.value.trim())?.[1]?.trim();
  const directive = inside === undefined ? undefined : directiveOf(inside, key);
  if (directive === undefined) {
    const word = inside?.split(/\s/)[0] ?? '';
    report({
      offset: key.offset,
      rule: 'mapping/directive',
      message: WORDS.includes(word)
        ? `The directive "${word}" is not complete or holds too much.`
        : 'This is not a directive of the language.',
      remedy: WORDS.includes(word) ? (FORMS[word] ?? '') : suggest(word, WORDS, Object.values(FORMS).join(' ')),
    });
  }
  return directive;
}

const FORMS: Readonly<Record<string, string>> = {
  if: 'Write {% if expr %}.',
  else: 'Write {% else %}; for a second condition put another {% if expr %} inside it.',
  for: 'Write {% for x in expr %} or {% for i, x in expr %} with names that are not words of FHIRPath.',
  merge: 'Write {% merge %}.',
  assign: 'Write {% assign %}.',
  include:
    "Write {% include 'shared/address' %}: the path of the fragment below the mappings directory, without .part.yaml.",
};

function directiveOf(inside: string, key: WrittenText): Directive | undefined {
  if (inside === 'else' || inside === 'merge' || inside === 'assign') return { kind: inside };
  const condition = /^if\s+(\S[\s\S]*)$/.exec(inside)?.[1];
  if (condition !== undefined) return { kind: 'if', condition: expressionIn(condition, key) };
  const name = INCLUDE.exec(inside)?.[1];
  if (name !== undefined) return { kind: 'include', name };
  const loop = FOR.exec(inside);
  const [, first, second, over] = loop ?? [];
  if (first === undefined || over === undefined) return undefined;
  if (![first, second ?? first].every(isVariableName)) return undefined;
  const expression = expressionIn(over, key);
  return second === undefined
    ? { kind: 'for', item: first, over: expression }
    : { kind: 'for', index: first, item: second, over: expression };
}

function expressionIn(text: string, key: WrittenText): Expression {
  const lines = linesIn(key, text);
  return { text, offset: lines[0] ?? key.offset, lines };
}
