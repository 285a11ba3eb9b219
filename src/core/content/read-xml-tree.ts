import type { Finding } from '../finding.ts';
import { positionsIn } from '../json/text-position.ts';
import { ATTRIBUTE, TEXT } from '../mapping/result/xml-tree.ts';
import { documentFinding } from '../xml/document-finding.ts';
import { readXml, type XmlElement } from '../xml/xml-document.ts';
import type { ContentLimits, ContentReading } from './content-reading.ts';
import { addMember } from './own-members.ts';

/**
 * Reads XML as the tree that `writeXml` writes: one member, the root; child elements are members, a repeated one a list;
 * `@name` is an attribute; an element without either is its text, beside either the text is `#text`. Names are local ones:
 * prefixes are the sender's own affair. Blank text between elements is layout.
 */
export function readXmlTree(text: string, { maxDepth, maxNodes }: ContentLimits): ContentReading {
  const position = positionsIn(text);
  const reading = readXml(text, { maxDepth, maxElements: maxNodes });
  if (!reading.ok) return { findings: [documentFinding(reading.fault, position(reading.fault.at))] };
  const forbidden: XmlElement[] = [];
  const tree: Record<string, unknown> = {};
  add(tree, reading.root, forbidden);
  const [first] = forbidden;
  return first === undefined ? { value: tree, findings: [] } : { findings: [forbiddenName(position(first.at))] };
}

function add(into: Record<string, unknown>, element: XmlElement, forbidden: XmlElement[]): void {
  if (!addMember(into, element.name, treeOf(element, forbidden))) forbidden.push(element);
}

function treeOf(element: XmlElement, forbidden: XmlElement[]): unknown {
  const inner: Record<string, unknown> = {};
  for (const [name, value] of element.attributes) {
    const local = name.startsWith('xml:') ? name : name.slice(name.indexOf(':') + 1);
    addMember(inner, `${ATTRIBUTE}${local}`, value);
  }
  const children = element.children.filter((child) => typeof child !== 'string');
  for (const child of children) add(inner, child, forbidden);
  const text = element.children.filter((child) => typeof child === 'string').join('');
  if (Object.keys(inner).length === 0) return children.length === 0 ? text : inner;
  if (text.trim() !== '') addMember(inner, TEXT, text);
  return inner;
}

function forbiddenName(place: Finding['place']): Finding {
  return {
    severity: 'error',
    rule: 'xml/forbidden-name',
    place,
    message: 'An element is named "__proto__".',
    remedy: 'Remove it: no format read here has such an element.',
    issue: 'security',
  };
}
