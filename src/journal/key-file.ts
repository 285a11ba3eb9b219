import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readSigningKey, type SigningKey, secretText } from '../core/seal/note-key.ts';

/** A key file that cannot be used; the message says which and what to do. */
export class UnusableKey extends Error {}

/**
 * Writes a new signing key into a file that is not there yet, readable by its owner only.
 * @param seed 32 random bytes
 * @throws UnusableKey when there is such a file
 */
export function writeKeyFile(file: string, name: string, seed: Uint8Array): SigningKey {
  let handle: number;
  try {
    handle = openSync(file, 'wx', 0o600);
  } catch (fault) {
    throw new UnusableKey(
      isCode(fault, 'EEXIST')
        ? `There is a file ${file} already: a key is never written over another.`
        : `The file ${file} cannot be written.`,
    );
  }
  try {
    writeSync(handle, `${secretText(name, seed)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return readKeyFile(file);
}

/** @throws UnusableKey */
export function readKeyFile(file: string): SigningKey {
  const key = readSigningKey(textOf(file));
  if (key !== undefined) return key;
  throw new UnusableKey(`${file} holds no key of a log: \`hearback log key new\` makes one.`);
}

/** The key beside a record, made when there is none. Two processes that begin at once use the one that came first. */
export function keyBeside(file: string, name: () => string, seed: () => Uint8Array): SigningKey {
  try {
    return writeKeyFile(file, name(), seed());
  } catch (fault) {
    if (!(fault instanceof UnusableKey)) throw fault;
    return readKeyFile(file);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UnusableKey(`The key file ${file} cannot be read.`);
  }
}

function isCode(fault: unknown, code: string): boolean {
  return typeof fault === 'object' && fault !== null && 'code' in fault && fault.code === code;
}
