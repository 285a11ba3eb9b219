import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { base64Bytes } from './base64.ts';

/** A key that signatures are checked with, as C2SP signed-note names it: `<name>+<id>+<base64>`. */
export interface VerifierKey {
  /** The log's origin. */
  readonly name: string;
  /** First four bytes of SHA-256(name, newline, type, public key), in hex. */
  readonly id: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
  checks(text: string, signature: Uint8Array): boolean;
}

/** A key that signs. Nothing prints the secret it holds. */
export interface SigningKey extends VerifierKey {
  /** 64 bytes; the same for the same text. */
  sign(text: string): Uint8Array;
}

const ED25519 = 0x01;
const RAW_LENGTH = 32;
/* RFC 8410 §10: what stands before the raw bytes of an Ed25519 key in DER. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Key names are not empty and have neither blanks nor plus signs. */
export function isKeyName(name: string): boolean {
  return /^[^\s+\p{White_Space}\p{Cc}]+$/u.test(name);
}

/** Undefined when the text is no Ed25519 key, or its id does not belong to it. */
export function readVerifierKey(text: string): VerifierKey | undefined {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const bytes = base64Bytes(encoded);
  if (!isKeyName(name) || bytes?.length !== RAW_LENGTH + 1 || bytes[0] !== ED25519) return undefined;
  const key = verifierKey(name, bytes.subarray(1));
  return key.id === id ? key : undefined;
}

/** The public half as others are given it. */
export function publicText({ name, id, publicKey }: VerifierKey): string {
  return `${name}+${id}+${Buffer.from([ED25519, ...publicKey]).toString('base64')}`;
}

/** Undefined when the text is no key of the form `PRIVATE+KEY+<name>+<id>+<base64>`, or its id does not belong to it. */
export function readSigningKey(text: string): SigningKey | undefined {
  const [, name = '', id = '', encoded = ''] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const bytes = base64Bytes(encoded);
  if (!isKeyName(name) || bytes?.length !== RAW_LENGTH + 1 || bytes[0] !== ED25519) return undefined;
  const key = signingKey(name, bytes.subarray(1));
  return key.id === id ? key : undefined;
}

/**
 * The text of a signing key, for the file that keeps it.
 * @param seed 32 random bytes (RFC 8032 §5.1.5)
 */
export function secretText(name: string, seed: Uint8Array): string {
  const { id } = signingKey(name, seed);
  return `PRIVATE+KEY+${name}+${id}+${Buffer.from([ED25519, ...seed]).toString('base64')}`;
}

function signingKey(name: string, seed: Uint8Array): SigningKey {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return {
    ...verifierKey(name, spki.subarray(SPKI.length)),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), secret),
  };
}

function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  const id = createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(ED25519, ...publicKey))
    .digest('hex')
    .slice(0, 8);
  let key: KeyObject | undefined;
  return {
    name,
    id,
    publicKey,
    checks(text, signature) {
      key ??= createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
      return signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature);
    },
  };
}
