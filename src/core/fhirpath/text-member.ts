import type { Compiler } from './compiler.ts';
import type { Frame } from './frame.ts';
import { Derived, type Items, isObject, Node } from './items.ts';
import { rootOf } from './places.ts';
import type { Shape, Step } from './shapes.ts';
import { child, identifierOf, type Syntax } from './syntax.ts';

export const ABSENT = Symbol('absent');

/** Reads a text beside $this; undefined when it is not that simple. */
export type TextMember = (self: Items, frame: Frame) => string | typeof ABSENT | undefined;

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

/** The same, noted as looked at. */
export function lookingMember(operand: Syntax, read: TextMember): TextMember {
  const field = singleName(operand) ?? '';
  return (self, frame) => {
    const text = read(self, frame);
    const [node] = self;
    if (typeof text !== 'string' || !(node instanceof Node) || !isObject(node.data)) return text;
    // What a template made comes from elsewhere: that takes the nodes.
    if (rootOf(node) instanceof Derived) return undefined;
    frame.trace?.looked.push({ holder: node.data, field });
    return text;
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
