import { groupSegments } from './groups.ts';
import type { Hl7Message } from './message.ts';
import { type Hl7Segment, NULL } from './segment.ts';
import { type Encoding, unescapeText } from './unescape.ts';

/**
 * One repetition of a field: `c1`, `c2`, … are its components (`c1` also where the field has no others), `c4s2` the second
 * sub-component of the fourth; the first is `c4` itself. All are texts with their escape sequences read. What is absent or
 * empty is not there. What was sent as `""` is not there either, but named in `nulls`.
 */
export type FieldNode = Readonly<Record<string, string | readonly string[]>>;

/** A segment: its `name`, its fields `f1`, `f2`, …, each a list of repetitions, and in `group` those that belong to it. */
export type SegmentNode = { readonly [member: string]: string | readonly FieldNode[] | Group };

/** Segments by their names. */
export type Group = { readonly [name: string]: readonly SegmentNode[] };

/** A message: all `segments` in their order, and beside them the same by their names. */
export type MessageTree = { readonly segments: readonly SegmentNode[] } & Group;

type OpenGroup = Record<string, SegmentNode[]>;
type OpenNode = Record<string, string | FieldNode[] | OpenGroup>;

/** A message as the tree that mappings read (docs/mapping.md, "HL7 v2"). The same message gives the same tree. */
export function messageTree(message: Hl7Message): MessageTree {
  const nodes = message.segments.map((segment) => ({ name: segment.name, node: segmentNode(segment) }));
  const groups = new Map<OpenNode, OpenGroup>();
  groupSegments(nodes, (owner, member) => {
    const group = groups.get(owner) ?? {};
    groups.set(owner, group);
    push(group, member.name, member.node);
  });
  for (const [owner, group] of groups) owner['group'] = group;
  const byName: OpenGroup = {};
  for (const { name, node } of nodes) push(byName, name, node);
  return { segments: nodes.map(({ node }) => node), ...byName };
}

/** Only what has the form of a segment's name becomes a member: a broken line must not overlay another. */
function push(group: OpenGroup, name: string, node: SegmentNode): void {
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) return;
  const list = group[name];
  if (list === undefined) group[name] = [node];
  else list.push(node);
}

function segmentNode(segment: Hl7Segment): OpenNode {
  const node: OpenNode = { name: segment.name };
  const signs = segment.isHeader ? 2 : 0;
  for (let number = 1; number <= segment.lastField; number += 1) {
    const text = segment.field(number);
    if (text === undefined || text === '') continue;
    const nodes = number <= signs ? [{ c1: text }] : fieldNodes(text, segment.encoding);
    if (nodes !== undefined) node[FIELD[number] ?? `f${number}`] = nodes;
  }
  return node;
}

/** Undefined when there is nothing in any of them. */
function fieldNodes(text: string, encoding: Encoding): FieldNode[] | undefined {
  if (!text.includes(encoding.repetition)) {
    const one = fieldNode(text, encoding);
    return one === NOTHING ? undefined : [one];
  }
  // An empty repetition between others keeps its place, so that numbers of repetitions mean the same everywhere.
  const nodes = text.split(encoding.repetition).map((repetition) => fieldNode(repetition, encoding));
  return nodes.every((one) => one === NOTHING) ? undefined : nodes;
}

const FIELD = Array.from({ length: 64 }, (_, number) => `f${number}`);
const COMPONENT = Array.from({ length: 64 }, (_, index) => `c${index + 1}`);
const NOTHING: FieldNode = Object.freeze({});

type OpenField = Record<string, string | string[]>;

function fieldNode(text: string, encoding: Encoding): FieldNode {
  if (!text.includes(encoding.component)) return loneComponent(text, encoding);
  const node: OpenField = {};
  let any = false;
  const components = text.split(encoding.component);
  for (let index = 0; index < components.length; index += 1) {
    const component = components[index];
    if (component === undefined || component === '') continue;
    any = putComponent(node, COMPONENT[index] ?? `c${index + 1}`, component, encoding) || any;
  }
  return any ? node : NOTHING;
}

/** Most fields have one component: what is made of them is made as one. */
function loneComponent(text: string, encoding: Encoding): FieldNode {
  const { subcomponent } = encoding;
  if (text !== NULL && (subcomponent === '' || !text.includes(subcomponent))) {
    const read = unescapeText(text, encoding);
    return read === '' ? NOTHING : { c1: read };
  }
  const node: OpenField = {};
  return putComponent(node, 'c1', text, encoding) ? node : NOTHING;
}

/** Says whether there was anything in it. */
function putComponent(node: OpenField, name: string, component: string, encoding: Encoding): boolean {
  const { subcomponent } = encoding;
  if (subcomponent === '' || !component.includes(subcomponent)) return put(node, name, component, encoding);
  let any = false;
  for (const [at, part] of component.split(subcomponent).entries()) {
    any = put(node, at === 0 ? name : `${name}s${at + 1}`, part, encoding) || any;
  }
  return any;
}

function put(node: OpenField, name: string, written: string, encoding: Encoding): boolean {
  if (written === NULL) {
    const { nulls } = node;
    if (Array.isArray(nulls)) nulls.push(name);
    else node['nulls'] = [name];
    return true;
  }
  const text = unescapeText(written, encoding);
  if (text !== '') node[name] = text;
  return text !== '';
}
