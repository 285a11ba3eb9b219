import { base64Bytes, base64Hash } from './base64.ts';
import type { Hash } from './hash-tree.ts';

/** That one entry is in the log, for whoever has the log's public key: https://c2sp.org/tlog-proof */
export interface TlogProof {
  /** The entry's bytes. Nothing vouches for them but the hash that they must have. */
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly proof: readonly Hash[];
  readonly checkpoint: string;
}

export const TLOG_PROOF = 'c2sp.org/tlog-proof@v1';

export function writeTlogProof({ extra, index, proof, checkpoint }: TlogProof): string {
  const lines = [
    TLOG_PROOF,
    ...(extra === undefined ? [] : [`extra ${base64(extra)}`]),
    `index ${index}`,
    ...proof.map(base64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Undefined when it has not this form. */
export function readTlogProof(text: string): TlogProof | undefined {
  const end = text.indexOf('\n\n');
  const [version, ...lines] = text.slice(0, end).split('\n');
  if (end < 0 || version !== TLOG_PROOF) return undefined;
  const extra = lines[0]?.startsWith('extra ') ? base64Bytes(lines.shift()?.slice('extra '.length) ?? '') : undefined;
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  const proof = lines.map(base64Hash);
  if (index === undefined || !proof.every((hash) => hash !== undefined)) return undefined;
  return { ...(extra !== undefined && { extra }), index: Number(index), proof, checkpoint: text.slice(end + 2) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
