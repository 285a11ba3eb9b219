import type { Plain } from '../../fhirpath/plain/plain-compiler.ts';
import { lookedAt } from '../../fhirpath/plain/plain-member.ts';
import { listed } from '../../fhirpath/plain/plain-run.ts';
import { textOf } from '../made-values.ts';
import { mergeInto, setOnce } from '../set-once.ts';
import { type Member, onlyMember, type Template } from '../template.ts';
import type { MappingRunOnPlain } from './mapping-run.ts';
import { objectMaker } from './object-maker.ts';
import { type PlainBench, plainExpression } from './plain-expression.ts';
import { inSlot, type PlainName, type PlainNames, simpleName, workedOut } from './plain-names.ts';
import { plainParameters, plainVariables } from './plain-variables.ts';

/** Makes a part of the result; undefined when it is empty and disappears. Whatever is wrong becomes a finding of the state. */
export type Make = (run: MappingRunOnPlain) => unknown;

type ObjectTemplate = Extract<Template, { kind: 'object' }>;

/** A template as `compileTemplate` compiles it, on plain data. Mistakes in it have been reported there. */
export function plainTemplate(template: Template, names: PlainNames, bench: PlainBench): Make {
  switch (template.kind) {
    case 'constant': {
      const value = template.value ?? undefined;
      return () => value;
    }
    case 'first':
      return plainExpression(template.expression, names, bench).first;
    case 'all':
      return plainExpression(template.expression, names, bench).all;
    case 'text':
      return makeText(template, names, bench);
    case 'list': {
      const items = template.items.map((item) => plainTemplate(item, names, bench));
      return (run) => {
        const made: unknown[] = [];
        for (const make of items) addMade(made, make(run));
        return made.length === 0 ? undefined : made;
      };
    }
    case 'object':
      return makeObject(template, names, bench);
  }
}

function makeText(template: Extract<Template, { kind: 'text' }>, names: PlainNames, bench: PlainBench): Make {
  const parts = template.parts.map((part): ((run: MappingRunOnPlain) => string | undefined) => {
    if (typeof part === 'string') return () => part;
    const { first } = plainExpression(part, names, bench);
    return (run) => textOf(first(run), run.state);
  });
  return (run) => {
    let text = '';
    for (const part of parts) {
      const piece = part(run);
      if (piece === undefined) return undefined;
      text += piece;
    }
    return text;
  };
}

function makeObject(template: ObjectTemplate, names: PlainNames, bench: PlainBench): Make {
  const assigned = template.members.flatMap((member) => (member.kind === 'assign' ? member.variables : []));
  const { names: inner, enter } = plainVariables(assigned, names, bench);
  const only = onlyMember(template);
  const make =
    only === undefined || only.kind === 'merge'
      ? makeMembers(only === undefined ? template.members : [only], inner, bench)
      : makeOnly(only, inner, bench);
  if (assigned.length === 0) return make;
  return (run) => {
    enter(run);
    return make(run);
  };
}

type Only = Exclude<NonNullable<ReturnType<typeof onlyMember>>, { kind: 'merge' }>;

function makeOnly(member: Only, names: PlainNames, bench: PlainBench): Make {
  switch (member.kind) {
    case 'if':
      return makeIf(member, names, bench);
    case 'for':
      return makeFor(member, names, bench);
    case 'include':
      return makeInclude(member, names, bench);
  }
}

function makeIf(member: Extract<Member, { kind: 'if' }>, names: PlainNames, bench: PlainBench): Make {
  const { holds } = plainExpression(member.condition, names, bench);
  const chosen = plainTemplate(member.chosen, names, bench);
  const otherwise = member.otherwise && plainTemplate(member.otherwise, names, bench);
  return (run) => (holds(run) ? chosen(run) : otherwise?.(run));
}

function makeFor(member: Extract<Member, { kind: 'for' }>, names: PlainNames, bench: PlainBench): Make {
  const over = plainExpression(member.over, names, bench);
  const [item, position, all] = [bench.nextSlot(), bench.nextSlot(), bench.nextSlot()];
  const itemsWithNodes = workedOut(all, over.nodes);
  const itemName: PlainName = {
    nodes: (run) => [itemsWithNodes(run)[Number(run.slots[position])]],
    ...(over.plain !== undefined && { plain: inSlot(item, over.plain.known) }),
  };
  const inner = new Map(names).set(member.item, itemName);
  if (member.index !== undefined) inner.set(member.index, simpleName(position));
  const body = plainTemplate(member.body, inner, bench);
  const itemsOf = over.plain === undefined ? itemsWithNodes : itemsGiven(over.plain);
  return (run) => {
    run.slots[all] = undefined;
    const items = itemsOf(run);
    if (items.length === 0) return undefined;
    const made: unknown[] = [];
    for (let at = 0; at < items.length; at++) {
      run.slots[item] = items[at];
      run.slots[position] = at;
      addMade(made, body(run));
    }
    return made.length === 0 ? undefined : made;
  };
}

/** What is made is never empty, so that only nothing is left out; lists in lists become one. */
function addMade(list: unknown[], value: unknown): void {
  if (Array.isArray(value)) for (const item of value) list.push(item);
  else if (value !== undefined) list.push(value);
}

function itemsGiven({ give, known }: Plain) {
  return (run: MappingRunOnPlain): readonly unknown[] => listed(lookedAt(give(run), known));
}

/** A fragment sees its parameters and what every mapping sees. */
function makeInclude(member: Extract<Member, { kind: 'include' }>, names: PlainNames, bench: PlainBench): Make {
  const { names: inner, enter } = plainParameters(member.parameters, names, bench);
  const body = plainTemplate(member.body, inner, bench);
  return (run) => {
    enter(run);
    return body(run);
  };
}

type AddTo = (result: Record<string, unknown>, run: MappingRunOnPlain) => void;

function makeMembers(members: readonly Member[], names: PlainNames, bench: PlainBench): Make {
  const fields = members.flatMap((member) => (member.kind === 'field' ? [member] : []));
  if (fields.length === members.length) return makeFields(fields, names, bench);
  const steps = members.flatMap((member) => addMember(member, names, bench));
  return (run) => {
    const result: Record<string, unknown> = {};
    for (const add of steps) add(result, run);
    for (const _ in result) return result;
    return undefined;
  };
}

type Field = Extract<Member, { kind: 'field' }>;

/** An object with keys of its own only: none of them comes twice. */
function makeFields(fields: readonly Field[], names: PlainNames, bench: PlainBench): Make {
  const Made = objectMaker();
  const steps = fields.map(({ key, value }) => ({ key, make: plainTemplate(value, names, bench) }));
  return (run) => {
    let result: Record<string, unknown> | undefined;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      const value = step?.make(run);
      if (step === undefined || value === undefined) continue;
      result ??= new Made();
      result[step.key] = value;
    }
    return result;
  };
}

/** Merging may find a key twice or what is no object: the place of that finding comes from the run with nodes. */
function addMember(member: Member, names: PlainNames, bench: PlainBench): AddTo[] {
  switch (member.kind) {
    case 'field': {
      const { key } = member;
      const make = plainTemplate(member.value, names, bench);
      return [
        (result, run) => {
          const value = make(run);
          if (value !== undefined) setOnce(result, [key, value], run.state, {});
        },
      ];
    }
    case 'if':
      return [merging(makeIf(member, names, bench))];
    case 'include':
      return [merging(makeInclude(member, names, bench))];
    case 'merge':
      return member.parts.map((part) => merging(plainTemplate(part, names, bench)));
    default:
      return [];
  }
}

function merging(make: Make): AddTo {
  return (result, run) => mergeInto(result, make(run), run.state, {});
}
