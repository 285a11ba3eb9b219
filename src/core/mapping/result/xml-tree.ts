import { isObject } from '../plain-value.ts';

/**
 * An XML document as a tree of JSON: one member, the root; members are child elements in their order, a list repeats its
 * element, `@name` is an attribute and `#text` the text of an element that has attributes. Written, it is one line after
 * the declaration: the same tree gives the same bytes.
 */
export const ATTRIBUTE = '@';
export const TEXT = '#text';

const NAME = /^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/;
/** What XML 1.0 (section 2.2) has no way to write, halves of surrogate pairs included. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

export function isXmlName(name: string): boolean {
  return NAME.test(name);
}

/** A place in a tree that cannot be written as XML. `path` names the elements, joined by dots. */
export interface XmlFlaw {
  readonly path: string;
  readonly what: string;
}

/** Everything in a tree that cannot be written. */
export function xmlFlaws(tree: unknown): XmlFlaw[] {
  if (!isObject(tree) || Object.keys(tree).length !== 1 || Object.values(tree).some(Array.isArray))
    return [{ path: '', what: 'has no root element, or more than one' }];
  return membersFlaws(tree, '');
}

function membersFlaws(object: Record<string, unknown>, path: string): XmlFlaw[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const scalar = key === TEXT || key.startsWith(ATTRIBUTE);
    const name = key.startsWith(ATTRIBUTE) ? key.slice(1) : key;
    const named = key === TEXT || isXmlName(name) ? [] : [{ path, what: 'has a member that cannot be a name in XML' }];
    return [...named, ...(scalar && typeof value === 'object' ? [NOT_A_VALUE(here)] : valueFlaws(value, here))];
  });
}

const NOT_A_VALUE = (path: string): XmlFlaw => ({ path, what: 'is a list or an object where one value must stand' });

function valueFlaws(value: unknown, path: string): XmlFlaw[] {
  if (Array.isArray(value)) return value.flatMap((item) => valueFlaws(item, path));
  if (isObject(value)) return membersFlaws(value, path);
  return typeof value === 'string' && FORBIDDEN.test(value)
    ? [{ path, what: 'holds a character that XML cannot carry' }]
    : [];
}

/** Writes a tree without flaws (see `xmlFlaws`) as an XML 1.0 document in UTF-8. */
export function writeXml(tree: unknown): string {
  const body = isObject(tree)
    ? Object.entries(tree)
        .map(([name, value]) => element(name, value))
        .join('')
    : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  if (!isObject(value)) return `<${name}>${escaped(value)}</${name}>`;
  const members = Object.entries(value);
  const attributes = members
    .filter(([key]) => key.startsWith(ATTRIBUTE))
    .map(([key, text]) => ` ${key.slice(1)}="${escaped(text).replace(/[\t\n]/g, reference)}"`);
  const content = members
    .filter(([key]) => !key.startsWith(ATTRIBUTE))
    .map(([key, inner]) => (key === TEXT ? escaped(inner) : element(key, inner)));
  return `<${name}${attributes.join('')}>${content.join('')}</${name}>`;
}

/** A carriage return must be written as a reference: readers turn a bare one into a line feed. */
function escaped(value: unknown): string {
  return String(value ?? '').replace(/[&<>"\r]/g, reference);
}

function reference(sign: string): string {
  const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return named[sign] ?? `&#${sign.charCodeAt(0)};`;
}
