import type { Member, Template } from './template.ts';

/** A part of the template that makes one value, and where in the result: `/needs/0/code` with a star in place of each index. */
export interface Leaf {
  readonly path: string;
  readonly template: Exclude<Template, { kind: 'object' | 'list' }>;
}

/** All parts of a template that make values, in its order; what is written there as null makes none. */
export function leavesOf(template: Template, path = ''): Leaf[] {
  switch (template.kind) {
    case 'object':
      return template.members.flatMap((member) => memberLeaves(member, path));
    case 'list':
      return template.items.flatMap((item) => leavesOf(item, asItem(path)));
    case 'constant':
      return template.value === null ? [] : [{ path, template }];
    case 'all':
      return [{ path: asItem(path), template }];
    default:
      return [{ path, template }];
  }
}

/** A list within a list becomes part of it. */
function asItem(path: string): string {
  return path.endsWith('/*') ? path : `${path}/*`;
}

function memberLeaves(member: Member, path: string): Leaf[] {
  switch (member.kind) {
    case 'field':
      return leavesOf(member.value, `${path}/${member.key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    case 'if':
      return [member.chosen, ...(member.otherwise === undefined ? [] : [member.otherwise])].flatMap((part) =>
        leavesOf(part, path),
      );
    case 'for':
      return leavesOf(member.body, asItem(path));
    case 'merge':
      return member.parts.flatMap((part) => leavesOf(part, path));
    case 'include':
      return leavesOf(member.body, path);
    case 'assign':
      return [];
  }
}

/** What a leaf is written as: its expression with its delimiters, or the constant as JSON. */
export function writtenAs(template: Leaf['template']): string {
  switch (template.kind) {
    case 'constant':
      return JSON.stringify(template.value);
    case 'first':
      return `{{ ${template.expression.text} }}`;
    case 'all':
      return `{[ ${template.expression.text} ]}`;
    case 'text':
      return template.parts.map((part) => (typeof part === 'string' ? part : `{{ ${part.text} }}`)).join('');
  }
}
