import { base64Bytes } from './base64.ts';
import type { SigningKey, VerifierKey } from './note-key.ts';

/** A text with signatures under it: https://c2sp.org/signed-note */
export interface SignedNote {
  /** With the line end at its end: what was signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  readonly name: string;
  /** As in a key. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Verifiers accept at least 16; more than this many is nothing that we wrote. */
const MOST_SIGNATURES = 64;

/** @param text ends in a line end and has no control characters but line ends */
export function signNote(text: string, keys: readonly SigningKey[]): string {
  const lines = keys.map((key) => {
    const signed = Buffer.concat([Buffer.from(key.id, 'hex'), key.sign(text)]);
    return `— ${key.name} ${signed.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Undefined when it has not the form of a note. Nothing is said of its signatures yet. */
export function readNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf('\n\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the standard forbids exactly these
  if (end < 0 || !note.endsWith('\n') || /[\0-\x09\x0b-\x1f]/.test(note)) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  const signatures = lines.map(readSignature);
  if (signatures.length > MOST_SIGNATURES || !signatures.every((one) => one !== undefined)) return undefined;
  return { text: note.slice(0, end + 1), signatures };
}

function readSignature(line: string): NoteSignature | undefined {
  const [, name, encoded = ''] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
  const bytes = base64Bytes(encoded);
  if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
  return { name, id: Buffer.from(bytes.subarray(0, 4)).toString('hex'), bytes: bytes.subarray(4) };
}

/**
 * By which of the given keys a note is signed. Signatures of other keys say nothing; one of a given key that does not
 * check makes the whole note worthless (`broken`).
 */
export function signersOf(
  { text, signatures }: SignedNote,
  keys: readonly VerifierKey[],
): { readonly by: readonly VerifierKey[]; readonly broken: boolean } {
  const by: VerifierKey[] = [];
  let broken = false;
  for (const { name, id, bytes } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (key.checks(text, bytes)) by.push(key);
    else broken = true;
  }
  return { by: broken ? [] : by, broken };
}
