import { type CompiledExpression, compileExpression, type Names, type Workbench } from './compile-expression.ts';
import { fixedNames } from './constants.ts';
import type { Kinds } from './element-check.ts';
import { firstOf, holds, listOf, textOf } from './made-values.ts';
import { isEmpty, plainValue, withoutBookkeeping } from './plain-value.ts';
import { innerScope, type RunState, type Scope } from './run-state.ts';
import { mergeInto, setOnce } from './set-once.ts';
import { type Expression, type Member, onlyMember, type Template, type Variable } from './template.ts';

/** Makes a part of the result; undefined when it is empty and disappears. Values are never read as templates. */
export type Produce = (state: RunState, scope: Scope) => unknown;

type ObjectTemplate = Extract<Template, { kind: 'object' }>;

export function compileTemplate(template: Template, names: Names, bench: Workbench): Produce {
  const produce = compileKind(template, names, bench);
  return bench.watch === undefined ? produce : bench.watch(template, produce);
}

function compileKind(template: Template, names: Names, bench: Workbench): Produce {
  switch (template.kind) {
    case 'constant': {
      const value = template.value ?? undefined;
      return () => value;
    }
    case 'first':
      return compileFirst(template.expression, names, bench);
    case 'all': {
      const { evaluate } = compileExpression(template.expression, names, bench);
      return (state, scope) => listOf(evaluate(state, scope).map(plainValue));
    }
    case 'text':
      return compileText(template, names, bench);
    case 'list': {
      const items = template.items.map((item) => compileTemplate(item, names, bench));
      return (state, scope) => listOf(items.map((produce) => produce(state, scope)));
    }
    case 'object':
      return compileObject(template, names, bench);
  }
}

/** Variables, each seeing those before it; applied, they give the scope in which what stands below is made. */
export function compileVariables(
  variables: readonly Variable[],
  names: Names,
  bench: Workbench,
): { readonly names: Names; readonly enter: (state: RunState, outer: Scope) => Scope } {
  const inner = new Map(names);
  const steps = variables.map((variable) => {
    const { evaluate, kinds } = compileVariable(variable.value, inner, bench);
    if (inner.has(variable.name)) {
      bench.report({
        offset: variable.offset,
        rule: 'mapping/shadowed-variable',
        message: `There is already a variable %${variable.name} here.`,
        remedy: 'Give it another name.',
        issue: 'duplicate',
      });
    }
    inner.set(variable.name, kinds);
    return { name: variable.name, evaluate };
  });
  return {
    names: inner,
    enter(state, outer) {
      if (steps.length === 0) return outer;
      const scope = innerScope(outer);
      for (const { name, evaluate } of steps) scope[name] = evaluate(state, scope);
      return scope;
    },
  };
}

/** Variables keep what the fhirpath package knows of a value (its type, its place in the input). */
function compileVariable(template: Template, names: Names, bench: Workbench): { evaluate: Produce; kinds: Kinds } {
  if (template.kind === 'first' || template.kind === 'all') {
    const { evaluate, kinds } = compileExpression(template.expression, names, bench);
    if (template.kind === 'all') return { evaluate, kinds };
    return { evaluate: (state, scope) => evaluate(state, scope).slice(0, 1), kinds };
  }
  const produce = compileTemplate(template, names, bench);
  const evaluate: Produce = (state, scope) => withoutBookkeeping(produce(state, scope));
  return { evaluate: bench.around?.variable(evaluate) ?? evaluate, kinds: undefined };
}

function compileFirst(expression: Expression, names: Names, bench: Workbench): Produce {
  const { evaluate } = compileExpression(expression, names, bench);
  return (state, scope) => firstOf(evaluate(state, scope));
}

function compileText(template: Extract<Template, { kind: 'text' }>, names: Names, bench: Workbench): Produce {
  const expressions = template.parts.filter((part) => typeof part !== 'string');
  if (expressions.length > 1) {
    bench.report({
      offset: template.offset,
      rule: 'mapping/text-may-vanish',
      severity: 'information',
      message: 'This whole text is left out when one of its expressions gives nothing.',
      remedy: "If that is not meant, write one expression: {{ a & ' ' & b }}.",
      issue: 'informational',
    });
  }
  const parts = template.parts.map((part): ((state: RunState, scope: Scope) => string | undefined) => {
    if (typeof part === 'string') return () => part;
    const first = compileFirst(part, names, bench);
    return (state, scope) => textOf(first(state, scope), state);
  });
  return (state, scope) => {
    let text = '';
    for (const part of parts) {
      const piece = part(state, scope);
      if (piece === undefined) return undefined;
      text += piece;
    }
    return text;
  };
}

function compileObject(template: ObjectTemplate, names: Names, bench: Workbench): Produce {
  const assigned = template.members.flatMap((member) => (member.kind === 'assign' ? member.variables : []));
  const variables = compileVariables(assigned, names, bench);
  const only = onlyMember(template);
  const produce =
    only === undefined ? compileMembers(template, variables.names, bench) : compileOnly(only, variables.names, bench);
  return (state, scope) => produce(state, variables.enter(state, scope));
}

function compileOnly(member: NonNullable<ReturnType<typeof onlyMember>>, names: Names, bench: Workbench): Produce {
  switch (member.kind) {
    case 'if':
      return compileIf(member, names, bench);
    case 'for':
      return compileFor(member, names, bench);
    case 'merge':
      return compileMembers({ kind: 'object', members: [member], offset: member.offset }, names, bench);
    case 'include':
      return compileInclude(member, names, bench);
  }
}

/** A fragment sees its parameters and what every mapping sees; its parameters may be named like variables around it. */
function compileInclude(member: Extract<Member, { kind: 'include' }>, names: Names, bench: Workbench): Produce {
  const given = member.parameters.map(({ name, value }) => ({ name, ...compileVariable(value, names, bench) }));
  const inner = new Map<string, Kinds>(fixedNames(bench.source.from));
  for (const { name, kinds } of given) inner.set(name, kinds);
  const body = compileTemplate(member.body, inner, bench);
  return (state, outer) => {
    const scope = innerScope(outer);
    for (const { name, evaluate } of given) scope[name] = evaluate(state, outer);
    return body(state, scope);
  };
}

function compileIf(member: Extract<Member, { kind: 'if' }>, names: Names, bench: Workbench): Produce {
  const evaluate = compileDeciding(member.condition, names, bench).evaluate;
  const chosen = compileTemplate(member.chosen, names, bench);
  const otherwise = member.otherwise === undefined ? undefined : compileTemplate(member.otherwise, names, bench);
  return (state, scope) => (holds(evaluate(state, scope)) ? chosen(state, scope) : otherwise?.(state, scope));
}

function compileDeciding(expression: Expression, names: Names, bench: Workbench): CompiledExpression {
  const compiled = compileExpression(expression, names, bench);
  return bench.around === undefined ? compiled : { ...compiled, evaluate: bench.around.deciding(compiled.evaluate) };
}

function compileFor(member: Extract<Member, { kind: 'for' }>, names: Names, bench: Workbench): Produce {
  const over = compileDeciding(member.over, names, bench);
  const inner = new Map(names).set(member.item, over.kinds);
  if (member.index !== undefined) inner.set(member.index, undefined);
  for (const name of [member.item, member.index]) {
    if (name === undefined || !names.has(name)) continue;
    bench.report({
      offset: member.offset,
      rule: 'mapping/shadowed-variable',
      message: `There is already a variable %${name} here.`,
      remedy: 'Give the loop another name.',
      issue: 'duplicate',
    });
  }
  const body = compileTemplate(member.body, inner, bench);
  return (state, scope) => {
    const items = over.evaluate(state, scope);
    if (items.length === 0) return undefined;
    // What one turn makes is finished before the next begins, so they can share the scope.
    const turn = innerScope(scope);
    return listOf(
      items.map((item, position) => {
        turn[member.item] = [item];
        if (member.index !== undefined) turn[member.index] = position;
        return body(state, turn);
      }),
    );
  };
}

type AddTo = (result: Record<string, unknown>, state: RunState, scope: Scope) => void;

function compileMembers(template: ObjectTemplate, names: Names, bench: Workbench): Produce {
  const merges = template.members.some(({ kind }) => kind !== 'field');
  const steps = template.members.flatMap((member) => compileMember(member, { names, bench, merges }));
  return (state, scope) => {
    const result: Record<string, unknown> = {};
    for (const add of steps) add(result, state, scope);
    return isEmpty(result) ? undefined : result;
  };
}

interface Around {
  readonly names: Names;
  readonly bench: Workbench;
  /** Whether the object has more than keys of its own, so that a key could be given twice. */
  readonly merges: boolean;
}

function compileMember(member: Member, { names, bench, merges }: Around): AddTo[] {
  switch (member.kind) {
    case 'field': {
      const { key } = member;
      const produce = compileTemplate(member.value, names, bench);
      const place = bench.place(member.offset);
      return [
        (result, state, scope) => {
          const value = produce(state, scope);
          if (isEmpty(value)) return;
          if (merges) setOnce(result, [key, value], state, place);
          else result[key] = value;
        },
      ];
    }
    case 'if':
      return [merging(compileIf(member, names, bench), member.offset, bench)];
    case 'include':
      return [merging(compileInclude(member, names, bench), member.offset, bench)];
    case 'merge':
      return member.parts.map((part) => merging(compileTemplate(part, names, bench), part.offset, bench));
    default:
      return [];
  }
}

function merging(produce: Produce, offset: number, bench: Workbench): AddTo {
  const place = bench.place(offset);
  return (result, state, scope) => mergeInto(result, produce(state, scope), state, place);
}
