import { SaxesParser, type SaxesTagNS } from 'saxes';
import { doctypeFault, faultOf, isDeclaration, type XmlFault } from './xml-fault.ts';

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** By the name as written, without the declarations of namespaces. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The namespaces of the prefixes that its attributes use, other than `xml`. */
  readonly prefixes: ReadonlyMap<string, string>;
  readonly children: (XmlElement | string)[];
  /** Offset of its `<` in the text. */
  readonly at: number;
}

type XmlReading = { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly fault: XmlFault };

interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
}

interface OpenElement {
  readonly element: XmlElement;
  /** The prefixes that are declared in it or around it. */
  readonly scope: ReadonlySet<string>;
}

interface Reader {
  readonly text: string;
  readonly limits: XmlLimits;
  readonly parser: SaxesParser<typeof OPTIONS>;
  readonly open: OpenElement[];
  root: XmlElement | undefined;
  elements: number;
  /** Of the start tag that is being read. */
  attributes: number;
  /** See `Refusal`. */
  from: number;
  tagAt: number;
  /** The first one: what saxes reports behind it follows from it. */
  fault: XmlFault | undefined;
}

/** XML 1.1, which a declaration could otherwise turn on, has control characters that JSON and FHIR do not. */
const OPTIONS = { xmlns: true, position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' } as const;
/** saxes reads on after a fault. So it gets the text in pieces, and none after the piece with the fault. */
const PIECE = 4096;
const MAX_ATTRIBUTES = 64;
const MAX_PREFIXES = 32;
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Reads a whole document: elements, attributes, text, namespaces. The first fault ends the reading. A document type is
 * refused, so there is no entity to expand: neither external ones (XXE) nor "billion laughs". The tokens and their
 * well-formedness are left to saxes; the limits, so that no body can exhaust the stack or the memory, are kept here.
 */
export function readXml(text: string, limits: XmlLimits): XmlReading {
  // On half a surrogate pair saxes swallows the next character or throws. Bytes in UTF-8 have none, strings in JSON may.
  const sound = text.replace(/[\ud800-\udfff]/gu, '\ufffd');
  const reader: Reader = {
    text: sound,
    limits,
    parser: new SaxesParser(OPTIONS),
    open: [],
    root: undefined,
    elements: 0,
    attributes: 0,
    from: Math.max(sound.search(/\S/), 0),
    tagAt: 0,
    fault: undefined,
  };
  listen(reader);
  for (let at = 0; at < sound.length && reader.fault === undefined; at += PIECE) {
    reader.parser.write(sound.slice(at, at + PIECE));
    // saxes reports a document type when it has read it to its end, which a hostile one puts far away.
    if (isDeclaration(sound, reader.from)) refuse(reader, doctypeFault(reader.from));
  }
  if (reader.fault === undefined) reader.parser.close();
  const { fault, root } = reader;
  if (fault !== undefined) return { ok: false, fault };
  if (root === undefined) throw new Error('saxes found neither a root element nor a fault');
  return { ok: true, root };
}

function listen(reader: Reader): void {
  const { parser } = reader;
  parser.on('error', ({ message }) => fail(reader, message));
  parser.on('xmldecl', ({ encoding }) => {
    reader.from = parser.position;
    if (!/^(?:utf-8|us-ascii)$/i.test(encoding ?? 'UTF-8'))
      refuse(reader, { kind: 'encoding', at: 0, what: 'its declaration names another encoding than UTF-8' });
  });
  parser.on('doctype', () => refuse(reader, doctypeFault(reader.from)));
  parser.on('opentagstart', ({ name }) => startTag(reader, name));
  parser.on('attribute', () => countAttribute(reader));
  parser.on('opentag', (tag) => openElement(reader, tag));
  parser.on('closetag', () => {
    reader.from = parser.position;
    reader.open.pop();
  });
  parser.on('text', (text) => addText(reader, text));
  parser.on('cdata', (text) => {
    reader.from = parser.position;
    reader.open.at(-1)?.element.children.push(text);
  });
  parser.on('comment', () => {
    // Reported when its `>` is still to come.
    reader.from = parser.position + 1;
  });
  parser.on('processinginstruction', () => {
    reader.from = parser.position;
  });
}

function refuse(reader: Reader, fault: XmlFault): void {
  reader.fault ??= fault;
}

function fail(reader: Reader, message: string): void {
  // Only the first is looked into: a body can hold thousands in one piece.
  if (reader.fault === undefined) reader.fault = faultOf(message, { ...reader, position: reader.parser.position });
}

/** Reported when the `<` behind it has been read. */
function addText(reader: Reader, text: string): void {
  const inner = reader.open.at(-1);
  // saxes says so too, but when `from` has passed the text and its place is lost.
  if (inner === undefined && text.trim() !== '') fail(reader, 'text data outside of root node.');
  inner?.element.children.push(text);
  reader.from = reader.parser.position - 1;
}

/** At the name of an element and one character more. */
function startTag(reader: Reader, name: string): void {
  const { limits, parser } = reader;
  const at = reader.text.lastIndexOf('<', parser.position - name.length - 2);
  reader.tagAt = at;
  reader.from = parser.position;
  reader.attributes = 0;
  reader.elements += 1;
  if (reader.open.length >= limits.maxDepth)
    refuse(reader, { kind: 'limit', at, what: 'its elements are nested too deeply' });
  if (reader.elements > limits.maxElements) refuse(reader, { kind: 'limit', at, what: 'it holds too many elements' });
}

function countAttribute(reader: Reader): void {
  reader.from = reader.parser.position;
  reader.attributes += 1;
  if (reader.attributes > MAX_ATTRIBUTES)
    refuse(reader, { kind: 'limit', at: reader.tagAt, what: 'an element has too many attributes' });
}

function openElement(reader: Reader, tag: SaxesTagNS): void {
  reader.from = reader.parser.position;
  const outer = reader.open.at(-1);
  const declared = Object.keys(tag.ns);
  const inherited = outer?.scope ?? new Set();
  const scope = declared.length === 0 ? inherited : new Set([...inherited, ...declared]);
  if (scope.size > MAX_PREFIXES)
    refuse(reader, { kind: 'limit', at: reader.tagAt, what: 'it declares too many namespaces' });
  const element = elementOf(tag, reader.tagAt);
  if (outer === undefined) reader.root = element;
  else outer.element.children.push(element);
  reader.open.push({ element, scope });
}

function elementOf(tag: SaxesTagNS, at: number): XmlElement {
  const written = Object.values(tag.attributes).filter(({ name, prefix }) => name !== 'xmlns' && prefix !== 'xmlns');
  const prefixed = written.filter(({ prefix }) => prefix !== '' && prefix !== 'xml');
  return {
    name: tag.local,
    namespace: tag.uri,
    attributes: new Map(written.map(({ name, value }) => [name, value])),
    prefixes: prefixed.length === 0 ? NONE : new Map(prefixed.map(({ prefix, uri }) => [prefix, uri])),
    children: [],
    at,
  };
}
