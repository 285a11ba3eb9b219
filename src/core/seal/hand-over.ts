import { base64Bytes } from './base64.ts';
import type { LogEntry } from './entry-bytes.ts';
import { publicText, readVerifierKey, type SigningKey, type VerifierKey } from './note-key.ts';

/** The kind of the entry by which a key hands over to the next. */
export const KEY_ROTATED = 'log.key-rotated';

/** What an entry says of a log that goes from one key to another. */
export interface HandOver {
  readonly from: VerifierKey;
  readonly to: VerifierKey;
  /** Which of the two have signed it. Of the others it says nothing: whoever can write to the record can write it. */
  readonly by: readonly VerifierKey[];
}

interface Handing {
  readonly from: SigningKey;
  readonly to: SigningKey;
  /** Of the entry. */
  readonly at: string;
}

/** The detail of the entry: both public keys, and the signature of each. */
export function signHandOver({ from, to, at }: Handing): LogEntry['detail'] {
  const keys = { from: publicText(from), to: publicText(to) };
  const text = textOf({ ...keys, at });
  return { ...keys, fromSignature: base64(from.sign(text)), toSignature: base64(to.sign(text)) };
}

/** Undefined for every other entry, and for one that does not name two keys. */
export function readHandOver({ kind, at, detail }: Pick<LogEntry, 'kind' | 'at' | 'detail'>): HandOver | undefined {
  if (kind !== KEY_ROTATED) return undefined;
  const [from, to] = [readVerifierKey(String(detail['from'])), readVerifierKey(String(detail['to']))];
  if (from === undefined || to === undefined) return undefined;
  const text = textOf({ from: publicText(from), to: publicText(to), at });
  const isSigned = (key: VerifierKey, signature: unknown) => {
    const bytes = base64Bytes(String(signature));
    return bytes !== undefined && key.checks(text, bytes);
  };
  const by = [
    ...(isSigned(from, detail['fromSignature']) ? [from] : []),
    ...(isSigned(to, detail['toSignature']) ? [to] : []),
  ];
  return { from, to, by };
}

/** The text that is signed. Its second line is no number, so no checkpoint of any log has it. */
function textOf({ from, to, at }: { readonly from: string; readonly to: string; readonly at: string }): string {
  return `hearback-log-hand-over/1\n${from}\n${to}\n${at}\n`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
