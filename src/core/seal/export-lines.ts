import { base64Bytes, base64Hash } from './base64.ts';
import type { LogEntry } from './entry-bytes.ts';
import type { Hash } from './hash-tree.ts';

/** The name that an export bears. Another number when a reader of this one would misunderstand it. */
export const EXPORT_FORMAT = 'hearback-log/1';

/**
 * The lines of an export, each one JSON. First the header, last the end; between them, in order, the entries, and each
 * checkpoint after the entries that it is of. Hashes and bytes are in base64. Nothing in the header is proved by itself.
 */
export type ExportLine = ExportHeader | ExportedEntry | ExportedCheckpoint | ExportEnd;

export interface ExportHeader {
  readonly type: 'header';
  readonly format: typeof EXPORT_FORMAT;
  /** When it was made, UTC. */
  readonly at: string;
  /** Leaves of the tree. */
  readonly size: number;
  /** Public keys that the log names: candidates, no more. */
  readonly keys: readonly string[];
  /** The last pruned entry's number; left out when none is. */
  readonly prunedThrough?: number;
  /** Only some entries, each with its proof under this checkpoint. Left out where all are there. */
  readonly part?: { readonly of: Readonly<Record<string, string>>; readonly checkpoint: string };
}

export interface ExportedEntry {
  readonly type: 'entry';
  readonly index: number;
  readonly seq: number;
  readonly leaf: Hash;
  /** Left out when it is pruned. */
  readonly entry?: LogEntry;
  /** In a part: the audit path (RFC 9162 §2.1.3.1). */
  readonly proof?: readonly Hash[];
  /** Of its message, where they were asked for and are kept. */
  readonly body?: Uint8Array;
  readonly answer?: Uint8Array;
}

export interface ExportedCheckpoint {
  readonly type: 'checkpoint';
  readonly size: number;
  readonly at: string;
  readonly note: string;
}

export interface ExportEnd {
  readonly type: 'end';
  readonly entries: number;
}

export function writeLine(line: ExportLine): string {
  if (line.type !== 'entry') return JSON.stringify(line);
  const { leaf, proof, body, answer, ...rest } = line;
  return JSON.stringify({
    ...rest,
    leaf: base64(leaf),
    ...(proof !== undefined && { proof: proof.map(base64) }),
    ...(body !== undefined && { body: base64(body) }),
    ...(answer !== undefined && { answer: base64(answer) }),
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Undefined when it is no line of an export, written as `writeLine` writes it. A member that stands twice, or that the format does
 * not have, is proved by nothing: a reader who meets the line with another tool could take it for a part of what was sealed.
 */
export function readLine(text: string): ExportLine | undefined {
  const value = parsed(text);
  if (value === undefined || !hasOnly(value, MEMBERS[String(value['type'])] ?? [])) return undefined;
  switch (value['type']) {
    case 'header':
      return isHeader(value) ? value : undefined;
    case 'entry':
      return readEntry(value);
    case 'checkpoint':
      return isCheckpoint(value) ? value : undefined;
    case 'end':
      return typeof value['entries'] === 'number' ? { type: 'end', entries: value['entries'] } : undefined;
    default:
      return undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  header: ['type', 'format', 'at', 'size', 'keys', 'prunedThrough', 'part'],
  entry: ['type', 'index', 'seq', 'leaf', 'entry', 'proof', 'body', 'answer'],
  checkpoint: ['type', 'size', 'at', 'note'],
  end: ['type', 'entries'],
};

const ENTRY_MEMBERS = ['seq', 'at', 'kind', 'actor', 'partner', 'referral', 'message', 'detail'];

function hasOnly(value: Members, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function readEntry(value: Members): ExportedEntry | undefined {
  const { index, seq, entry, proof, body, answer } = value;
  const leaf = base64Hash(String(value['leaf']));
  const path =
    proof === undefined ? [] : Array.isArray(proof) ? proof.map((hash) => base64Hash(String(hash))) : [undefined];
  if (typeof index !== 'number' || typeof seq !== 'number' || leaf === undefined) return undefined;
  if (!path.every((hash) => hash !== undefined) || (entry !== undefined && !isEntry(entry))) return undefined;
  const bytes = { ...bytesOf('body', body), ...bytesOf('answer', answer) };
  return {
    ...{ type: 'entry', index, seq, leaf },
    ...(entry !== undefined && { entry }),
    ...(proof !== undefined && { proof: path }),
    ...bytes,
  };
}

function bytesOf(name: 'body' | 'answer', value: unknown): Partial<Pick<ExportedEntry, 'body' | 'answer'>> {
  return value === undefined ? {} : { [name]: base64Bytes(String(value)) ?? new Uint8Array() };
}

function isEntry(value: unknown): value is LogEntry {
  if (!isMembers(value) || !hasOnly(value, ENTRY_MEMBERS)) return false;
  const texts = [value['at'], value['kind'], value['actor']];
  return (
    typeof value['seq'] === 'number' && texts.every((text) => typeof text === 'string') && isMembers(value['detail'])
  );
}

function isHeader(value: Members): value is Members & ExportHeader {
  const { format, size, keys, part } = value;
  const isPart = part === undefined || (isMembers(part) && typeof part['checkpoint'] === 'string');
  return format === EXPORT_FORMAT && typeof size === 'number' && Array.isArray(keys) && isPart;
}

function isCheckpoint(value: Members): value is Members & ExportedCheckpoint {
  return typeof value['size'] === 'number' && typeof value['at'] === 'string' && typeof value['note'] === 'string';
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Of a name that stands twice the last alone is read, and what is written again is shorter.
    return isMembers(value) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
