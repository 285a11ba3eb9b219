import type { Finding, Place } from '../finding.ts';
import { encodingFinding, jsonFinding, syntaxFinding } from './json-findings.ts';
import { type Scanned, scanNumber, scanString } from './json-scalar.ts';
import { positionsIn, type TextPosition } from './text-position.ts';
import { decodeUtf8 } from './utf8.ts';

/** `value` is absent when the body could not be read to its end. */
interface JsonReading {
  readonly value?: unknown;
  readonly findings: Finding[];
}

interface JsonLimits {
  /** Lists and objects inside each other. */
  readonly maxDepth: number;
  /** Lists, objects and scalars together. */
  readonly maxNodes?: number;
}

/** A list or object that is still open. `key` is the member or index now being read. */
interface Open {
  readonly list?: unknown[];
  readonly object?: Record<string, unknown>;
  key: string;
  /** The member must be read and thrown away (a forbidden or repeated name). */
  skip: boolean;
}

/** What may stand next. */
type Expectation = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'comma-or-close' | 'nothing';

interface Reader {
  readonly text: string;
  readonly maxDepth: number;
  readonly maxNodes: number;
  readonly position: (offset: number) => TextPosition;
  readonly findings: Finding[];
  readonly open: Open[];
  /** How many findings there were of each severity, listed or not. */
  readonly noted: Partial<Record<Finding['severity'], number>>;
  /** Values read so far. */
  nodes: number;
  at: number;
  expects: Expectation;
  value: unknown;
}

const MAX_FINDINGS = 100;
const MAX_POINTER = 300;
const NOWHERE: Place = {};
const SPACE = /[ \t\n\r]*/y;
const LITERALS: ReadonlyMap<string, readonly [string, unknown]> = new Map([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
]);

/**
 * Reads JSON strictly (UTF-8, RFC 8259) and says what is wrong with it: names given twice, `__proto__`, numbers that
 * a double cannot hold, broken surrogates, too much depth. Syntax errors end the reading; everything else is collected.
 * Linear in the size of the body and without recursion, so that no nesting can exhaust the stack; `maxNodes` values
 * (unlimited when left out) end the reading, so that a body of millions of them is not even built.
 * Places carry line, column and, inside the document, a JSON Pointer.
 */
export function readJson(bytes: Uint8Array, limits: JsonLimits): JsonReading {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return { findings: [encodingFinding('json', decoded)] };
  const { text } = decoded;
  const position = positionsIn(text);
  const reader: Reader = {
    text,
    maxDepth: limits.maxDepth,
    maxNodes: limits.maxNodes ?? Number.POSITIVE_INFINITY,
    position,
    findings: [],
    open: [],
    noted: {},
    nodes: 0,
    at: 0,
    expects: 'value',
    value: undefined,
  };
  skipSpace(reader);
  while (reader.at < text.length) {
    const stop = step(reader);
    if (stop !== undefined) return { findings: [...reader.findings, stop] };
    skipSpace(reader);
  }
  if (reader.expects === 'nothing') return { value: reader.value, findings: reader.findings };
  const what = reader.open.length === 0 ? 'it is empty' : 'it ends before it is complete';
  return { findings: [...reader.findings, syntaxFinding(what, placeOf(reader, text.length))] };
}

/** Reads one token. Returns the finding that ends the reading, if one does. */
function step(reader: Reader): Finding | undefined {
  const char = reader.text.charAt(reader.at);
  switch (reader.expects) {
    case 'nothing':
      return broken(reader, 'something follows after its end');
    case 'comma-or-close':
      return char === ',' ? comma(reader) : close(reader, char);
    case 'key-or-close':
      return char === '}' ? close(reader, char) : key(reader, char);
    case 'key':
      return key(reader, char);
    case 'value-or-close':
      return char === ']' ? close(reader, char) : value(reader, char);
    case 'value':
      return value(reader, char);
  }
}

function value(reader: Reader, char: string): Finding | undefined {
  reader.nodes += 1;
  if (reader.nodes > reader.maxNodes) return jsonFinding('nodes', placeOf(reader, reader.at));
  if (char === '{' || char === '[') return openContainer(reader, char);
  if (char === '"') return scalar(reader, scanString(reader.text, reader.at));
  const literal = LITERALS.get(char);
  if (literal === undefined) {
    if (char !== '-' && (char < '0' || char > '9')) return broken(reader, 'a value is expected here');
    return scalar(reader, scanNumber(reader.text, reader.at));
  }
  const [word, meaning] = literal;
  if (!reader.text.startsWith(word, reader.at)) return broken(reader, 'a value is expected here');
  reader.at += word.length;
  settle(reader, meaning);
  return undefined;
}

function openContainer(reader: Reader, char: string): Finding | undefined {
  if (reader.open.length >= reader.maxDepth) return jsonFinding('depth', placeOf(reader, reader.at));
  const opened: Open = char === '[' ? { list: [], key: '0', skip: false } : { object: {}, key: '', skip: false };
  reader.at += 1;
  reader.open.push(opened);
  reader.expects = char === '[' ? 'value-or-close' : 'key-or-close';
  return undefined;
}

function scalar(reader: Reader, scanned: Scanned<string | number>): Finding | undefined {
  if (!scanned.ok) return syntaxFinding(scanned.what, placeOf(reader, scanned.at));
  if (scanned.doubt !== undefined) note(reader, scanned.doubt);
  reader.at = scanned.end;
  settle(reader, scanned.value);
  return undefined;
}

/** Puts a complete value into the innermost open container. */
function settle(reader: Reader, complete: unknown): void {
  const inner = reader.open.at(-1);
  reader.expects = inner === undefined ? 'nothing' : 'comma-or-close';
  if (inner === undefined) reader.value = complete;
  else if (inner.list !== undefined) inner.list.push(complete);
  else if (inner.object !== undefined && !inner.skip) inner.object[inner.key] = complete;
}

function key(reader: Reader, char: string): Finding | undefined {
  const inner = reader.open.at(-1);
  if (char !== '"' || inner?.object === undefined) return broken(reader, 'a name in quotes is expected here');
  const scanned = scanString(reader.text, reader.at);
  if (!scanned.ok) return syntaxFinding(scanned.what, placeOf(reader, scanned.at));
  inner.key = scanned.value;
  inner.skip = scanned.value === '__proto__' || Object.hasOwn(inner.object, scanned.value);
  if (scanned.doubt !== undefined) note(reader, scanned.doubt);
  // Assigned as data, `__proto__` would change what the object inherits.
  if (inner.skip) note(reader, scanned.value === '__proto__' ? 'forbidden-key' : 'duplicate-key');
  reader.at = scanned.end;
  skipSpace(reader);
  if (reader.text.charAt(reader.at) !== ':') return broken(reader, 'a colon is expected after a name');
  reader.at += 1;
  reader.expects = 'value';
  return undefined;
}

function comma(reader: Reader): undefined {
  const inner = reader.open.at(-1);
  reader.at += 1;
  reader.expects = inner?.list === undefined ? 'key' : 'value';
  if (inner?.list !== undefined) inner.key = String(inner.list.length);
}

function close(reader: Reader, char: string): Finding | undefined {
  const inner = reader.open.at(-1);
  const wanted = inner?.list === undefined ? '}' : ']';
  if (char !== wanted) return broken(reader, `a comma or "${wanted}" is expected here`);
  reader.at += 1;
  reader.open.pop();
  settle(reader, inner?.list ?? inner?.object);
  return undefined;
}

function skipSpace(reader: Reader): void {
  SPACE.lastIndex = reader.at;
  SPACE.test(reader.text);
  reader.at = SPACE.lastIndex;
}

function broken(reader: Reader, what: string): Finding {
  return syntaxFinding(what, placeOf(reader, reader.at));
}

function note(reader: Reader, rule: Parameters<typeof jsonFinding>[0]): void {
  const finding = jsonFinding(rule, NOWHERE);
  const count = (reader.noted[finding.severity] ?? 0) + 1;
  reader.noted[finding.severity] = count;
  if (count > MAX_FINDINGS + 1) return;
  const place = placeOf(reader, reader.at);
  // Severities are counted apart: a hundred warnings must neither hide an error nor become one.
  if (count === MAX_FINDINGS + 1) reader.findings.push({ ...jsonFinding('more', place), severity: finding.severity });
  else reader.findings.push({ ...finding, place });
}

function placeOf(reader: Reader, offset: number): Place {
  const position = reader.position(offset);
  if (reader.open.length === 0) return position;
  const pointer = reader.open.map((open) => `/${open.key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { ...position, expression: pointer.slice(0, MAX_POINTER) };
}
