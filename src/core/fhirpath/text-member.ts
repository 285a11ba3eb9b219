import type { Compiler } from './compiler.ts';
import { type Items, isObject, Node } from './items.ts';
import type { Shape, Step } from './shapes.ts';
import { child, identifierOf, type Syntax } from './syntax.ts';

export const ABSENT = Symbol('absent');

/** Reads a text beside $this; undefined when it is not that simple. */
export type TextMember = (self: Items) => string | typeof ABSENT | undefined;

/** For an operand that is one name: reads the text without making a node of it. Undefined for any other operand. */
export function textMember(operand: Syntax, { world }: Compiler): TextMember | undefined {
  const name = singleName(operand);
  if (name === undefined || world.isTypeName(name)) return undefined;
  let lastShape: Shape | undefined;
  let lastStep: Step | undefined;
  return (self) => {
    const [node] = self;
    if (self.length !== 1 || !(node instanceof Node)) return undefined;
    if (node.shape !== lastShape) {
      lastShape = node.shape;
      lastStep = lastShape.step(name);
    }
    return lastStep === undefined ? undefined : textAt(node, name, lastStep);
  };
}

function textAt({ data, under }: Node, name: string, step: Step): string | typeof ABSENT | undefined {
  const [choice] = step.choices;
  if (step.chosen || choice === undefined || choice.shape.conversion !== 'none') return undefined;
  if (!isObject(data) || under !== null || data['resourceType'] === name) return undefined;
  if (data[choice.under] !== undefined) return undefined;
  const value = data[choice.field];
  if (value === undefined) return ABSENT;
  return typeof value === 'string' ? value : undefined;
}

function singleName(node: Syntax): string | undefined {
  switch (node.type) {
    case 'TermExpression':
    case 'InvocationTerm':
      return singleName(child(node));
    case 'MemberInvocation':
      return identifierOf(child(node).text ?? '');
    default:
      return undefined;
  }
}
