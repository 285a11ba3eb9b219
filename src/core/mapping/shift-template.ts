import type { Expression, Member, Template, Variable } from './template.ts';

/**
 * Moves the offsets of a fragment's template to where its text begins among the mapping's sources. The bodies of
 * fragments that it includes itself have been moved when they were read.
 */
export function shiftTemplate(template: Template, by: number): Template {
  const offset = template.offset + by;
  switch (template.kind) {
    case 'constant':
      return { ...template, offset };
    case 'first':
    case 'all':
      return { ...template, expression: shiftExpression(template.expression, by), offset };
    case 'text':
      return {
        ...template,
        parts: template.parts.map((part) => (typeof part === 'string' ? part : shiftExpression(part, by))),
        offset,
      };
    case 'list':
      return { ...template, items: template.items.map((item) => shiftTemplate(item, by)), offset };
    case 'object':
      return { ...template, members: template.members.map((member) => shiftMember(member, by)), offset };
  }
}

function shiftMember(member: Member, by: number): Member {
  const offset = member.offset + by;
  switch (member.kind) {
    case 'field':
      return { ...member, value: shiftTemplate(member.value, by), offset };
    case 'if':
      return {
        ...member,
        condition: shiftExpression(member.condition, by),
        chosen: shiftTemplate(member.chosen, by),
        ...(member.otherwise !== undefined && { otherwise: shiftTemplate(member.otherwise, by) }),
        offset,
      };
    case 'for':
      return { ...member, over: shiftExpression(member.over, by), body: shiftTemplate(member.body, by), offset };
    case 'merge':
      return { ...member, parts: member.parts.map((part) => shiftTemplate(part, by)), offset };
    case 'assign':
      return { ...member, variables: member.variables.map((variable) => shiftVariable(variable, by)), offset };
    case 'include':
      return { ...member, parameters: member.parameters.map((variable) => shiftVariable(variable, by)), offset };
  }
}

/** The same for a variable. */
export function shiftVariable(variable: Variable, by: number): Variable {
  return { ...variable, value: shiftTemplate(variable.value, by), offset: variable.offset + by };
}

/** The same for an expression. */
export function shiftExpression(expression: Expression, by: number): Expression {
  return { ...expression, offset: expression.offset + by, lines: expression.lines.map((line) => line + by) };
}
