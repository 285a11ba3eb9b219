import { NHS_NUMBER_SYSTEM } from '../referral.ts';
import { fixedNames } from './constants.ts';
import { disclosureOf, NHS_NUMBER } from './disclosures.ts';
import { checkElements, type Elements, inputKinds, type Kinds } from './element-check.ts';
import { argumentsOf, functionName, variableName } from './expression-check.ts';
import { offsetIn, parseExpression, plainName, type SyntaxNode, startOf } from './expression-tree.ts';
import type { Flaw, Report } from './mapping-findings.ts';
import type { Expression, MappingSource, Member, Template, Variable } from './template.ts';

type Names = ReadonlyMap<string, Kinds>;

interface Walk {
  readonly elements: Elements;
  readonly source: MappingSource;
  readonly read: Set<string>;
  readonly tell: (expression: Expression, node: SyntaxNode, category: string | 'unknown' | 'whole') => void;
}

/**
 * Finds what an outward mapping reads of what identifies a patient, and refuses what `discloses` does not name. Without
 * `discloses` nothing is refused, and it is noted what is read.
 * @returns the categories that are read, sorted
 */
export function checkDisclosures(source: MappingSource, elements: Elements, report: Report): readonly string[] {
  if (source.from !== 'fhir/referral') {
    if (source.discloses !== undefined)
      report({ offset: source.discloses[0]?.offset ?? source.result.offset, ...NOTHING_LEAVES });
    return [];
  }
  const walk = walkOf(source, elements, report);
  const names = enterVariables(source.variables, fixedNames(source.from), walk);
  visit(source.result, names, walk);
  const read = [...walk.read].sort();
  if (source.discloses === undefined && read.length > 0) {
    report({
      offset: 0,
      rule: 'mapping/discloses-not-said',
      severity: 'information',
      message: 'This mapping reads what identifies the patient, and does not say what it may read.',
      remedy: `Add discloses: [${read.join(', ')}], so that nothing more leaves the house by mistake.`,
      issue: 'informational',
    });
  }
  return read;
}

const NOTHING_LEAVES = {
  rule: 'mapping/discloses',
  message: 'Only a mapping from the dossier discloses anything.',
  remedy: 'Remove discloses.',
} as const;

function walkOf(source: MappingSource, elements: Elements, report: Report): Walk {
  const allowed = source.discloses?.map(({ name }) => name);
  const read = new Set<string>();
  return {
    elements,
    source,
    read,
    tell(expression, node, category) {
      if (category !== 'unknown' && category !== 'whole') read.add(category);
      if (allowed === undefined || allowed.includes(category)) return;
      const { line, column } = startOf(node);
      const at = { offset: offsetIn(expression, line, column), expression: expression.text };
      if (category === 'unknown') report({ ...at, ...UNKNOWN });
      else if (category === 'whole') report({ ...at, ...WHOLE });
      else
        report({
          ...at,
          rule: 'mapping/disclosure',
          message: `This reads the patient's ${category}, which discloses: does not name.`,
          remedy: `Remove it, or add ${category} to discloses: when the partner may have it.`,
          issue: 'security',
        });
    },
  };
}

const UNKNOWN = {
  rule: 'mapping/disclosure',
  message: 'It cannot be told whose element this reads: it may be the patient’s.',
  remedy: 'Say the type first, with ofType(Organization) or the like.',
  issue: 'security',
} as const;

/** Whether a flaw says that it cannot be told whose element is read. */
export function isUntold({ message }: Flaw): boolean {
  return message === UNKNOWN.message;
}

const WHOLE = {
  rule: 'mapping/disclosure',
  message: 'This puts a whole resource that identifies the patient into the result.',
  remedy: 'Name the elements that the partner needs, one by one.',
  issue: 'security',
} as const;

function visit(template: Template, names: Names, walk: Walk): void {
  switch (template.kind) {
    case 'constant':
      return;
    case 'first':
    case 'all': {
      const kinds = look(template.expression, names, walk);
      if (kinds !== undefined && holdsPatient(kinds)) walk.tell(template.expression, { type: '' }, 'whole');
      return;
    }
    case 'text':
      for (const part of template.parts) if (typeof part !== 'string') look(part, names, walk);
      return;
    case 'list':
      for (const item of template.items) visit(item, names, walk);
      return;
    case 'object': {
      const assigned = template.members.flatMap((member) => (member.kind === 'assign' ? member.variables : []));
      const inner = enterVariables(assigned, names, walk);
      for (const member of template.members) visitMember(member, inner, walk);
    }
  }
}

function holdsPatient(kinds: ReadonlySet<string>): boolean {
  return kinds.has('Patient') || kinds.has('Bundle') || kinds.has('Bundle.entry');
}

function visitMember(member: Member, names: Names, walk: Walk): void {
  switch (member.kind) {
    case 'field':
      visit(member.value, names, walk);
      return;
    case 'if':
      look(member.condition, names, walk);
      visit(member.chosen, names, walk);
      if (member.otherwise !== undefined) visit(member.otherwise, names, walk);
      return;
    case 'for':
      visit(member.body, new Map(names).set(member.item, look(member.over, names, walk)), walk);
      return;
    case 'merge':
      for (const part of member.parts) visit(part, names, walk);
      return;
    case 'include': {
      const outer = enterVariables(member.parameters, names, walk);
      const inner = new Map<string, Kinds>(fixedNames(walk.source.from));
      for (const { name } of member.parameters) inner.set(name, outer.get(name));
      visit(member.body, inner, walk);
      return;
    }
    case 'assign':
      return;
  }
}

/** A variable that holds a patient discloses nothing yet: what is taken out of it does. */
function enterVariables(variables: readonly Variable[], names: Names, walk: Walk): Names {
  const inner = new Map(names);
  for (const { name, value } of variables) {
    if (value.kind === 'first' || value.kind === 'all') inner.set(name, look(value.expression, inner, walk));
    else {
      visit(value, inner, walk);
      inner.set(name, undefined);
    }
  }
  return inner;
}

/** Tells what an expression reads of a patient, and what kinds it gives. */
function look(expression: Expression, names: Names, walk: Walk): Kinds {
  const parsed = parseExpression(expression);
  if (parsed.kind === 'flaws') return undefined;
  const nhsNumbers = narrowedIdentifiers(parsed.tree);
  const unknown: SyntaxNode[] = [];
  const scope = {
    elements: walk.elements,
    input: inputKinds(walk.source.from),
    variables: names,
    onRead(node: SyntaxNode, of: Kinds, name: string): void {
      const category = disclosureOf(name);
      if (name === '*') {
        if (of === undefined || holdsPatient(of)) walk.tell(expression, node, 'whole');
      } else if (category === undefined) return;
      else if (of === undefined) unknown.push(node);
      else if (of.has('Patient')) walk.tell(expression, node, nhsNumbers.has(node) ? NHS_NUMBER : category);
    },
  };
  let misspelt = false;
  const kinds = checkElements(expression, parsed.tree, scope, () => {
    misspelt = true;
  });
  // Behind a misspelt element nothing is known, and that has been said.
  if (!misspelt) for (const node of unknown) walk.tell(expression, node, 'unknown');
  return kinds;
}

/** The members `identifier` that are narrowed to NHS numbers right behind: `identifier.where(system = %nhsNumber)`. */
function narrowedIdentifiers(tree: SyntaxNode): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  const walk = (node: SyntaxNode): void => {
    const [left, right] = node.children ?? [];
    if (node.type === 'InvocationExpression' && left !== undefined && right !== undefined && narrows(right)) {
      const member = lastMember(left);
      if (member !== undefined && plainName(member.text) === 'identifier') found.add(member);
    }
    for (const child of node.children ?? []) walk(child);
  };
  walk(tree);
  return found;
}

function narrows(call: SyntaxNode): boolean {
  if (call.type !== 'FunctionInvocation' || functionName(call) !== 'where') return false;
  const inside = argumentsOf(call).flatMap(everyNode);
  return (
    !inside.some(({ type }) => type === 'OrExpression') &&
    inside.some(({ type }) => type === 'EqualityExpression') &&
    inside.some(
      (node) =>
        (node.type === 'ExternalConstantTerm' && variableName(node) === NHS_NUMBER) ||
        plainName(node.text) === NHS_NUMBER_SYSTEM,
    )
  );
}

function everyNode(node: SyntaxNode): SyntaxNode[] {
  return [node, ...(node.children ?? []).flatMap(everyNode)];
}

function lastMember(node: SyntaxNode): SyntaxNode | undefined {
  const last = node.children?.at(-1);
  if (node.type === 'MemberInvocation') return node;
  if (last === undefined) return undefined;
  if (last.type !== 'FunctionInvocation') return lastMember(last);
  const [left] = node.children ?? [];
  return functionName(last) === 'where' && left !== undefined && left !== last ? lastMember(left) : undefined;
}
