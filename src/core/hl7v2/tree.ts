import { groupSegments } from './groups.ts';
import type { Hl7Message } from './message.ts';
import { type Hl7Segment, NULL } from './segment.ts';
import { unescapeText } from './unescape.ts';

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
  for (let number = 1; number <= segment.lastField; number += 1) {
    const nodes = segment.repetitions(number).map((text) => fieldNode(text, segment, segment.isHeader && number <= 2));
    // An empty repetition between others keeps its place, so that numbers of repetitions mean the same everywhere.
    if (nodes.some((one) => Object.keys(one).length > 0)) node[`f${number}`] = nodes;
  }
  return node;
}

function fieldNode(text: string, { encoding }: Hl7Segment, isSigns: boolean): FieldNode {
  if (isSigns) return { c1: text };
  const node: Record<string, string | string[]> = {};
  const nulls: string[] = [];
  const put = (name: string, written: string): void => {
    if (written === NULL) nulls.push(name);
    const text = unescapeText(written, encoding);
    if (written !== NULL && text !== '') node[name] = text;
  };
  for (const [index, component] of text.split(encoding.component).entries()) {
    const parts = encoding.subcomponent === '' ? [component] : component.split(encoding.subcomponent);
    for (const [at, part] of parts.entries()) put(at === 0 ? `c${index + 1}` : `c${index + 1}s${at + 1}`, part);
  }
  if (nulls.length > 0) node['nulls'] = nulls;
  return node;
}
