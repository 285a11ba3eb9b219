/**
 * A reader of the XML that FHIR uses: elements, attributes, text, comments, the five named entities, namespaces.
 * There is no document type and so no entity to expand: neither external entities (XXE) nor "billion laughs" can be said
 * in it. Iterative and linear, with limits, so that no body can exhaust the stack or the memory.
 */

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (XmlElement | string)[];
  /** Offset of its `<` in the text. */
  readonly at: number;
}

export interface XmlFault {
  readonly kind: 'syntax' | 'doctype' | 'limit' | 'encoding';
  readonly at: number;
  /** Completes "The body is not XML that can be read here: ...". Never repeats the body. */
  readonly what: string;
}

type XmlReading = { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly fault: XmlFault };

interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
}

interface OpenElement extends XmlElement {
  /** As written in the start tag, for the end tag to match. */
  readonly written: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

interface Reader {
  readonly text: string;
  readonly limits: XmlLimits;
  readonly open: OpenElement[];
  at: number;
  elements: number;
  root: XmlElement | undefined;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const ROOT_PREFIXES: ReadonlyMap<string, string> = new Map([['xml', XML_NAMESPACE]]);
const MAX_ATTRIBUTES = 64;
/** Each element that declares one copies those in scope, so that thousands would cost a product and not a sum. */
const MAX_PREFIXES = 32;
const NAME = /[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?/y;
const SPACE = /[ \t\r\n]*/y;
const EQUALS = /[ \t\r\n]*=[ \t\r\n]*/y;
const DECLARATION =
  /^<\?xml\s+version\s*=\s*["']1\.[0-9]["'](?:\s+encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/;
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/y;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** XML 1.0 §2.2: what is no character. The platform's reader has already refused lone surrogates. */
const NOT_A_CHARACTER = /[^\P{Cc}\t\n\r\u0080-\u009f\u007f]|[\ufffe\uffff]/u;

/** Reads a whole document. The first fault ends the reading. */
export function readXml(text: string, limits: XmlLimits): XmlReading {
  const reader: Reader = { text, limits, open: [], at: 0, elements: 0, root: undefined };
  const fault = readProlog(reader) ?? readNodes(reader);
  if (fault !== undefined) return { ok: false, fault };
  if (reader.root === undefined) return { ok: false, fault: syntax(text.length, 'it holds no element') };
  return { ok: true, root: reader.root };
}

function readProlog(reader: Reader): XmlFault | undefined {
  const wrong = NOT_A_CHARACTER.exec(reader.text);
  if (wrong !== null) return syntax(wrong.index, 'a control character stands in it');
  if (!/^<\?xml\s/.test(reader.text)) return undefined;
  const declaration = DECLARATION.exec(reader.text);
  if (declaration === null) return syntax(0, 'its XML declaration is broken');
  const encoding = declaration[1]?.toUpperCase() ?? 'UTF-8';
  if (encoding !== 'UTF-8' && encoding !== 'US-ASCII')
    return { kind: 'encoding', at: 0, what: 'its declaration names another encoding than UTF-8' };
  reader.at = declaration[0].length;
  return undefined;
}

function readNodes(reader: Reader): XmlFault | undefined {
  const { text } = reader;
  while (reader.at < text.length) {
    const fault = text.charCodeAt(reader.at) === 0x3c ? readMarkup(reader) : readText(reader);
    if (fault !== undefined) return fault;
  }
  return reader.open.length === 0 ? undefined : syntax(text.length, 'it ends before its elements are closed');
}

function readMarkup(reader: Reader): XmlFault | undefined {
  const { text, at } = reader;
  if (text.startsWith('</', at)) return readEndTag(reader);
  if (text.startsWith('<!--', at)) return readComment(reader);
  if (text.startsWith('<![CDATA[', at)) return readCdata(reader);
  if (text.startsWith('<?', at)) return skipTo(reader, '?>', 'a processing instruction is never closed');
  if (text.startsWith('<!', at))
    return { kind: 'doctype', at, what: 'it holds a document type or entity declaration, which is never read' };
  return readStartTag(reader);
}

function skipTo(reader: Reader, end: string, otherwise: string): XmlFault | undefined {
  const found = reader.text.indexOf(end, reader.at + 2);
  if (found === -1) return syntax(reader.at, otherwise);
  reader.at = found + end.length;
  return undefined;
}

function readComment(reader: Reader): XmlFault | undefined {
  const dashes = reader.text.indexOf('--', reader.at + 4);
  if (dashes === -1) return syntax(reader.at, 'a comment is never closed');
  if (reader.text.charAt(dashes + 2) !== '>') return syntax(dashes, 'two hyphens stand inside a comment');
  reader.at = dashes + 3;
  return undefined;
}

function readCdata(reader: Reader): XmlFault | undefined {
  const start = reader.at + '<![CDATA['.length;
  const end = reader.text.indexOf(']]>', start);
  const inner = reader.open.at(-1);
  if (end === -1 || inner === undefined) return syntax(reader.at, 'a CDATA section is never closed or stands outside');
  inner.children.push(reader.text.slice(start, end));
  reader.at = end + 3;
  return undefined;
}

function readText(reader: Reader): XmlFault | undefined {
  const next = reader.text.indexOf('<', reader.at);
  const end = next === -1 ? reader.text.length : next;
  const raw = reader.text.slice(reader.at, end);
  const inner = reader.open.at(-1);
  if (inner === undefined && raw.trim() !== '') return syntax(reader.at, 'text stands outside the root element');
  const decoded = decodeEntities(raw);
  if (typeof decoded !== 'string') return syntax(reader.at + decoded.at, decoded.what);
  inner?.children.push(decoded.replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
  reader.at = end;
  return undefined;
}

function readStartTag(reader: Reader): XmlFault | undefined {
  const { text, at, limits } = reader;
  reader.at += 1;
  const written = match(reader, NAME);
  if (written === undefined) return syntax(at, 'a "<" is not followed by the name of an element');
  if (reader.open.length === 0 && reader.root !== undefined) return syntax(at, 'there is more than one root element');
  reader.elements += 1;
  if (reader.open.length >= limits.maxDepth) return { kind: 'limit', at, what: 'its elements are nested too deeply' };
  if (reader.elements > limits.maxElements) return { kind: 'limit', at, what: 'it holds too many elements' };
  const attributes = new Map<string, string>();
  const fault = readAttributes(reader, attributes);
  if (fault !== undefined) return fault;
  const element = nameElement(reader, { written, attributes, at });
  if ('kind' in element) return element;
  const outer = reader.open.at(-1);
  if (outer === undefined) reader.root = element;
  else outer.children.push(element);
  const empty = text.startsWith('/>', reader.at);
  if (!empty) reader.open.push(element);
  reader.at += empty ? 2 : 1;
  return undefined;
}

/** Reads up to the tag's `>` or `/>`. */
function readAttributes(reader: Reader, into: Map<string, string>): XmlFault | undefined {
  for (;;) {
    const before = reader.at;
    match(reader, SPACE);
    const char = reader.text.charAt(reader.at);
    if (char === '>' || reader.text.startsWith('/>', reader.at)) return undefined;
    const at = reader.at;
    const name = match(reader, NAME);
    if (name === undefined || at === before) return syntax(at, 'a start tag is broken');
    if (into.has(name)) return syntax(at, 'an attribute stands twice in one element');
    if (into.size >= MAX_ATTRIBUTES) return { kind: 'limit', at, what: 'an element has too many attributes' };
    const value = match(reader, EQUALS) === undefined ? syntax(at, 'an attribute has no value') : readQuoted(reader);
    if (typeof value !== 'string') return value;
    into.set(name, value);
  }
}

function readQuoted(reader: Reader): string | XmlFault {
  const start = reader.at;
  const quote = reader.text.charAt(start);
  if (quote !== '"' && quote !== "'") return syntax(start, 'the value of an attribute is not in quotes');
  const end = reader.text.indexOf(quote, start + 1);
  if (end === -1) return syntax(start, 'the value of an attribute is never closed');
  const raw = reader.text.slice(start + 1, end);
  if (raw.includes('<')) return syntax(start, 'a "<" stands in the value of an attribute');
  reader.at = end + 1;
  // XML 1.0 §3.3.3: white space as written becomes spaces; as character references it stays.
  const decoded = decodeEntities(raw.replace(/\r\n|[\t\r\n]/g, ' '));
  return typeof decoded === 'string' ? decoded : syntax(start, decoded.what);
}

function readEndTag(reader: Reader): XmlFault | undefined {
  const { at } = reader;
  const element = reader.open.at(-1);
  reader.at += 2;
  const written = match(reader, NAME);
  match(reader, SPACE);
  if (element === undefined || written !== element.written || reader.text.charAt(reader.at) !== '>')
    return syntax(at, 'an end tag does not belong to the element that is open');
  reader.open.pop();
  reader.at += 1;
  return undefined;
}

interface Tag {
  readonly written: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly at: number;
}

/** Resolves prefixes (Namespaces in XML 1.0) and sets namespace declarations apart from attributes. */
function nameElement(reader: Reader, tag: Tag): OpenElement | XmlFault {
  const inherited = reader.open.at(-1)?.prefixes ?? ROOT_PREFIXES;
  const declared = [...tag.attributes].filter(([name]) => isDeclaration(name));
  const prefixes = declared.length === 0 ? inherited : withDeclared(inherited, declared);
  if (prefixes.size > MAX_PREFIXES) return { kind: 'limit', at: tag.at, what: 'it declares too many namespaces' };
  const attributes =
    declared.length === 0 ? tag.attributes : new Map([...tag.attributes].filter(([name]) => !isDeclaration(name)));
  const colon = tag.written.indexOf(':');
  const namespace = prefixes.get(colon === -1 ? '' : tag.written.slice(0, colon));
  if (namespace === undefined && colon !== -1) return syntax(tag.at, 'a namespace prefix is not declared');
  const name = tag.written.slice(colon + 1);
  return { name, namespace: namespace ?? '', attributes, children: [], at: tag.at, written: tag.written, prefixes };
}

function isDeclaration(attribute: string): boolean {
  return attribute === 'xmlns' || attribute.startsWith('xmlns:');
}

function withDeclared(
  inherited: ReadonlyMap<string, string>,
  declared: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  return new Map([...inherited, ...declared.map(([name, uri]) => [name.slice('xmlns:'.length), uri] as const)]);
}

/** The text with its references replaced, or where and why that is impossible. */
function decodeEntities(raw: string): string | { readonly at: number; readonly what: string } {
  let ampersand = raw.indexOf('&');
  if (ampersand === -1) return raw;
  const parts: string[] = [];
  let done = 0;
  while (ampersand !== -1) {
    ENTITY.lastIndex = ampersand;
    const found = ENTITY.exec(raw);
    const character = found === null ? undefined : referenced(found);
    if (character === undefined)
      return { at: ampersand, what: 'an "&" is not followed by a reference that XML has without a document type' };
    parts.push(raw.slice(done, ampersand), character);
    done = ENTITY.lastIndex;
    ampersand = raw.indexOf('&', done);
  }
  return [...parts, raw.slice(done)].join('');
}

function referenced([, hex, decimal, named]: RegExpExecArray): string | undefined {
  if (named !== undefined) return NAMED[named];
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(point);
  return NOT_A_CHARACTER.test(character) ? undefined : character;
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function syntax(at: number, what: string): XmlFault {
  return { kind: 'syntax', at, what };
}
