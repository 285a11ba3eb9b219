import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar as YamlScalar } from 'yaml';
import { looksLikeDirective, readDirective } from './directive-key.ts';
import { isVariableName } from './expression-tree.ts';
import { type Report, suggest } from './mapping-findings.ts';
import { type Member, onlyMember, type Template, type Variable } from './template.ts';
import { readTemplateText, type WrittenText } from './template-text.ts';

/** What reading a part of the file needs: its text, for raw slices, and where to say what is wrong. */
export interface Reading {
  readonly text: string;
  readonly report: Report;
  /** Reads a fragment that is included at an offset; undefined, and a flaw, when it cannot be. */
  readonly fragment: (name: string, offset: number) => Fragment | undefined;
}

/** A shared fragment as it was read: what it must be given, and its template. */
export interface Fragment {
  readonly parameters: readonly string[];
  readonly body: Template;
}

type ObjectTemplate = Extract<Template, { kind: 'object' }>;

/** Reads a YAML node as a template. Everything wrong is reported; what cannot be read becomes nothing. */
export function readTemplate(node: unknown, reading: Reading): Template {
  const offset = offsetOf(node);
  if (isMap(node)) return readObject(node.items, offset, reading);
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => readTemplate(item, reading)), offset };
  if (isScalar(node)) return readScalar(node, reading);
  if (isAlias(node)) {
    reading.report({
      offset,
      rule: 'mapping/alias',
      message: 'YAML aliases (*name) are not part of the language.',
      remedy: 'Write it out, or name it with {% assign %} or let.',
    });
  }
  return { kind: 'constant', value: null, offset };
}

/** Reads `let` and `{% assign %}`: an object, or a list of objects, of names and values, in order. */
export function readVariables(node: unknown, reading: Reading): Variable[] {
  if (isSeq(node)) return node.items.flatMap((item) => readVariables(item, reading));
  if (!isMap(node)) {
    reading.report({
      offset: offsetOf(node),
      rule: 'mapping/variables',
      message: 'Variables are written as names with values.',
      remedy: 'Write name: "{{ expr }}", one to a line, or a list of such lines.',
    });
    return [];
  }
  return node.items.flatMap((pair) => {
    const key = keyOf(pair, reading);
    if (isVariableName(key.value)) {
      return [{ name: key.value, value: readTemplate(pair.value, reading), offset: key.offset }];
    }
    reading.report({
      offset: key.offset,
      rule: 'mapping/variable-name',
      message: 'A variable is named with letters, digits and _ and begins with a letter.',
      remedy: 'Rename it; in expressions it is written %name, and words of FHIRPath (day, contains, and …) are taken.',
    });
    return [];
  });
}

/** Where a node of the file begins. */
export function offsetOf(node: unknown): number {
  if (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)) return node.range?.[0] ?? 0;
  return 0;
}

function writtenText(node: YamlScalar, value: string, reading: Reading): WrittenText {
  const [start, end] = node.range ?? [0, 0];
  return { value, raw: reading.text.slice(start, end), offset: start };
}

function readScalar(node: YamlScalar, reading: Reading): Template {
  const { value } = node;
  const offset = offsetOf(node);
  if (typeof value === 'string') return readTemplateText(writtenText(node, value, reading), reading.report);
  if (typeof value === 'number' && !isExact(value)) {
    reading.report({
      offset,
      rule: 'mapping/number',
      message: 'This number is longer than a number can hold exactly, so digits would be lost.',
      remedy: 'Put it in quotes: codes and identifiers are texts.',
    });
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'constant', value, offset };
  return { kind: 'constant', value: null, offset };
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function keyOf(pair: Pair, reading: Reading): WrittenText {
  const { key } = pair;
  if (isScalar(key)) return writtenText(key, String(key.value), reading);
  return { value: String(key), raw: '', offset: offsetOf(pair.value) };
}

function readObject(pairs: readonly Pair[], offset: number, reading: Reading): ObjectTemplate {
  const members: Member[] = [];
  for (const pair of pairs) {
    const key = keyOf(pair, reading);
    if (looksLikeDirective(key.value)) addDirective(members, key, pair.value, reading);
    else members.push(readField(key, pair.value, members, reading));
  }
  const template: ObjectTemplate = { kind: 'object', members, offset };
  checkShape(template, reading.report);
  return template;
}

function readField(key: WrittenText, value: unknown, before: readonly Member[], reading: Reading): Member {
  const { offset } = key;
  if (key.value === '__proto__' || key.value.includes('{{') || key.value.includes('{[')) {
    reading.report({
      offset,
      rule: 'mapping/key',
      message:
        key.value === '__proto__'
          ? 'This key is not allowed.'
          : 'A key cannot be computed: keys are constants or directives.',
      remedy:
        'Write the key as it shall stand in the result; to choose between keys use {% if expr %}, to make a list {% for x in expr %}.',
    });
  }
  if (before.some((member) => member.kind === 'field' && member.key === key.value)) {
    reading.report({ offset, ...DUPLICATE });
  }
  return { kind: 'field', key: key.value, value: readTemplate(value, reading), offset };
}

const DUPLICATE = {
  rule: 'mapping/duplicate-key',
  message: 'This key is given twice in one object.',
  remedy: 'Keep one of the two; nothing is overwritten in silence.',
  issue: 'duplicate',
} as const;

function addDirective(members: Member[], key: WrittenText, value: unknown, reading: Reading): void {
  const directive = readDirective(key, reading.report);
  const { offset } = key;
  switch (directive?.kind) {
    case 'if':
      members.push({ kind: 'if', condition: directive.condition, chosen: readTemplate(value, reading), offset });
      break;
    case 'else':
      addElse(members, readTemplate(value, reading), offset, reading.report);
      break;
    case 'for': {
      const { item, index, over } = directive;
      const body = readTemplate(value, reading);
      members.push({ kind: 'for', item, ...(index !== undefined && { index }), over, body, offset });
      break;
    }
    case 'merge':
      members.push({ kind: 'merge', parts: readParts(value, reading), offset });
      break;
    case 'assign':
      members.push({ kind: 'assign', variables: readVariables(value, reading), offset });
      break;
    case 'include':
      members.push(...readInclude(directive.name, { value, offset }, reading));
      break;
  }
}

function readInclude(name: string, at: { value: unknown; offset: number }, reading: Reading): Member[] {
  const { value, offset } = at;
  const given = isNothing(value) ? [] : readVariables(value, reading);
  const fragment = reading.fragment(name, offset);
  if (fragment === undefined) return [];
  for (const one of given.filter((variable) => !fragment.parameters.includes(variable.name))) {
    reading.report({
      offset: one.offset,
      rule: 'mapping/parameter',
      message: 'The included fragment has no parameter of this name.',
      remedy: suggest(one.name, fragment.parameters, 'It has none: write nothing behind the colon.'),
    });
  }
  const missing = fragment.parameters.filter((parameter) => !given.some((variable) => variable.name === parameter));
  if (missing.length > 0) {
    reading.report({
      offset,
      rule: 'mapping/parameter',
      message: `The included fragment is not given its ${missing.map((one) => `%${one}`).join(', ')}.`,
      remedy: `Write below it ${missing.map((one) => `${one}: "{{ expr }}"`).join(' and ')}.`,
      issue: 'required',
    });
  }
  return [{ kind: 'include', name, parameters: given, body: fragment.body, offset }];
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function readParts(value: unknown, reading: Reading): Template[] {
  return isSeq(value) ? value.items.map((item) => readTemplate(item, reading)) : [readTemplate(value, reading)];
}

function addElse(members: Member[], otherwise: Template, offset: number, report: Report): void {
  const last = members.at(-1);
  if (last?.kind === 'if' && last.otherwise === undefined) {
    members[members.length - 1] = { ...last, otherwise };
    return;
  }
  report({
    offset,
    rule: 'mapping/else',
    message: 'This {% else %} does not follow an {% if %}.',
    remedy: 'Put it right behind the {% if expr %} that it belongs to.',
  });
}

/** What can be merged into an object must be an object; a list can only be a whole value. */
function checkShape(template: ObjectTemplate, report: Report): void {
  const alone = onlyMember(template) !== undefined;
  for (const member of template.members) {
    if (member.kind === 'for' && !alone) {
      report({
        offset: member.offset,
        rule: 'mapping/for-place',
        message: 'A {% for %} gives a list and cannot stand beside other keys.',
        remedy: 'Put it under a key of its own.',
      });
    }
    const parts =
      member.kind === 'if' && !alone ? [member.chosen, member.otherwise] : member.kind === 'merge' ? member.parts : [];
    for (const part of parts)
      if (part !== undefined && cannotBeObject(part)) report({ offset: part.offset, ...NOT_AN_OBJECT });
  }
  checkFixedKeys(template, report);
}

const NOT_AN_OBJECT = {
  rule: 'mapping/merge',
  message: 'This is merged into the object around it, so it must be an object itself.',
  remedy: 'Write keys with values, or put the directive under a key of its own.',
} as const;

function cannotBeObject(template: Template): boolean {
  return (
    template.kind === 'list' ||
    template.kind === 'all' ||
    template.kind === 'text' ||
    (template.kind === 'constant' && template.value !== null)
  );
}

/** A key that stands both beside a directive and in what it merges is given twice whenever it is chosen. */
function checkFixedKeys(template: ObjectTemplate, report: Report): void {
  const fixed = new Set(template.members.flatMap((member) => (member.kind === 'field' ? [member.key] : [])));
  for (const member of template.members) {
    if (member.kind === 'merge') {
      for (const part of member.parts) {
        reportRepeated(part, fixed, report);
        for (const key of fieldKeys(part)) fixed.add(key);
      }
    }
    if (member.kind === 'if') {
      reportRepeated(member.chosen, fixed, report);
      if (member.otherwise !== undefined) reportRepeated(member.otherwise, fixed, report);
    }
  }
}

function reportRepeated(part: Template, fixed: ReadonlySet<string>, report: Report): void {
  if (part.kind !== 'object') return;
  for (const member of part.members) {
    if (member.kind === 'field' && fixed.has(member.key)) report({ offset: member.offset, ...DUPLICATE });
  }
}

function fieldKeys(part: Template): string[] {
  return part.kind === 'object' ? part.members.flatMap((member) => (member.kind === 'field' ? [member.key] : [])) : [];
}
