import { type Member, onlyMember, type Template } from './template.ts';

/**
 * What a template can give, seen through directives: the branches of an {% if %} are alternatives, a {% for %} is a list
 * of its body, an included fragment is what it makes. For checks of the result before any message is there.
 */
export type Shape =
  | { readonly kind: 'scalar'; readonly template: Extract<Template, { kind: 'constant' }>; readonly offset: number }
  | { readonly kind: 'text'; readonly offset: number }
  /** One value of an expression: anything. */
  | { readonly kind: 'any'; readonly offset: number }
  /** A list of an expression's values. */
  | { readonly kind: 'any-list'; readonly offset: number }
  | { readonly kind: 'list'; readonly items: readonly Shape[]; readonly offset: number }
  | (ObjectShape & { readonly kind: 'object' });

export interface ObjectShape {
  readonly fields: readonly FieldShape[];
  /** An expression is merged in, which may bring any member. */
  readonly open: boolean;
  readonly offset: number;
}

export interface FieldShape {
  readonly key: string;
  readonly offset: number;
  readonly value: Template;
  /** Stands there whatever the conditions around it say. */
  readonly certain: boolean;
}

/** All alternatives of a template; none for what gives nothing. */
export function shapesOf(template: Template): Shape[] {
  const { offset } = template;
  switch (template.kind) {
    case 'constant':
      return template.value === null ? [] : [{ kind: 'scalar', template, offset }];
    case 'first':
      return [{ kind: 'any', offset }];
    case 'all':
      return [{ kind: 'any-list', offset }];
    case 'text':
      return [{ kind: 'text', offset }];
    case 'list':
      return [{ kind: 'list', items: template.items.flatMap(itemShapes), offset }];
    case 'object': {
      const only = onlyMember(template);
      if (only === undefined) return [{ kind: 'object', ...objectShape(template), offset }];
      return directiveShapes(only);
    }
  }
}

/** A list within a list becomes part of it. */
function itemShapes(item: Template): Shape[] {
  return shapesOf(item).flatMap((shape): readonly Shape[] => {
    if (shape.kind === 'list') return shape.items;
    return shape.kind === 'any-list' ? [{ kind: 'any', offset: shape.offset }] : [shape];
  });
}

function directiveShapes(member: NonNullable<ReturnType<typeof onlyMember>>): Shape[] {
  switch (member.kind) {
    case 'if':
      return [member.chosen, ...(member.otherwise === undefined ? [] : [member.otherwise])].flatMap(shapesOf);
    case 'for':
      return [{ kind: 'list', items: itemShapes(member.body), offset: member.offset }];
    case 'include':
      return shapesOf(member.body);
    case 'merge':
      return [{ kind: 'object', ...objectShape({ kind: 'object', members: [member], offset: member.offset }) }];
  }
}

function objectShape(template: Extract<Template, { kind: 'object' }>): ObjectShape {
  const parts = template.members.map((member) => membersOf(member, true));
  return {
    fields: parts.flatMap(({ fields }) => fields),
    open: parts.some(({ open }) => open),
    offset: template.offset,
  };
}

type Members = Pick<ObjectShape, 'fields' | 'open'>;

function membersOf(member: Member, certain: boolean): Members {
  switch (member.kind) {
    case 'field':
      return { fields: [{ key: member.key, offset: member.offset, value: member.value, certain }], open: false };
    case 'if':
      return joined([member.chosen, ...(member.otherwise === undefined ? [] : [member.otherwise])], false);
    case 'merge':
      return joined(member.parts, certain);
    case 'include':
      return joined([member.body], certain);
    default:
      return { fields: [], open: false };
  }
}

function joined(parts: readonly Template[], certain: boolean): Members {
  const all = parts.map((part): Members => {
    if (part.kind !== 'object') return { fields: [], open: part.kind === 'first' };
    const inner = part.members.map((member) => membersOf(member, certain));
    return { fields: inner.flatMap(({ fields }) => fields), open: inner.some(({ open }) => open) };
  });
  return { fields: all.flatMap(({ fields }) => fields), open: all.some(({ open }) => open) };
}
