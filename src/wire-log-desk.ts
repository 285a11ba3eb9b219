/** Wires what the console's pages ask of the sealed log: the code of `hearback log`, beside the running engine. */
import { existsSync } from 'node:fs';
import { keysOfLog, keysOfLogBehind } from './cli/log-keys.ts';
import type { LogDesk, ShownProof } from './console/engine-desk.ts';
import { openCheckpoint } from './core/seal/checkpoint.ts';
import { entryText } from './core/seal/entry-bytes.ts';
import { writeLine } from './core/seal/export-lines.ts';
import { hashLeaf } from './core/seal/hash-tree.ts';
import { publicText, type VerifierKey } from './core/seal/note-key.ts';
import { provesInclusion } from './core/seal/verify-proof.ts';
import { lastCheckpoints } from './journal/checkpoint-file.ts';
import { exportLog } from './journal/export-log.ts';
import { proveEntry } from './journal/prove-entry.ts';
import { verifyRecord } from './journal/verify-record.ts';
import type { Clock } from './ports.ts';
import type { WholeRecord } from './store/whole-record.ts';

interface LogDeskGiven {
  readonly record: WholeRecord;
  readonly clock: Clock;
  /** The log's own key. @throws UnusableKey where there is none */
  readonly key: () => VerifierKey;
  /** File of the checkpoints that are kept outside the database. */
  readonly checkpoints?: string | undefined;
}

export function openLogDesk({ record, clock, key, checkpoints }: LogDeskGiven): LogDesk {
  const log = polite(record);
  return {
    logKey() {
      try {
        return publicText(key());
      } catch {
        return undefined;
      }
    },
    async sealed() {
      const { size, checkpoint } = await record.logHead();
      return { size, ...(checkpoint !== undefined && { at: checkpoint.at }) };
    },
    proveEntry: async (seq) => shownProof(seq, record, [key(), ...(await keysOfLogBehind(key(), record))]),
    async *exportLog(part) {
      const keys = [key(), ...(await keysOfLog(record))];
      const options = { log, keys, at: clock.now().toISOString(), ...(part !== undefined && { part }) };
      for await (const line of exportLog(options)) yield `${writeLine(line)}\n`;
    },
    async verifyLog(onProgress) {
      const kept = checkpoints === undefined || !existsSync(checkpoints) ? [] : await lastCheckpoints(checkpoints);
      const candidates = await keysOfLog(record);
      const verdict = await verifyRecord({ log, keys: [key()], candidates, kept, onProgress });
      if ('kind' in verdict) return verdict;
      const { entries, unsealed, bodies, handOversNotSigned = [] } = verdict;
      return { entries, unsealed, bodies, handOversNotSigned };
    },
  };
}

async function shownProof(seq: number, log: WholeRecord, keys: readonly VerifierKey[]): Promise<ShownProof> {
  const proved = await proveEntry(log, seq);
  if (proved.kind !== 'proved') return proved;
  const { entry, leaf, proof, checkpoint, size, file } = proved;
  const opened = openCheckpoint(checkpoint, keys);
  const own = hashLeaf(Buffer.from(entryText(entry), 'utf8'));
  return {
    ...{ kind: 'proved', index: leaf.index, size, checkpoint, file, signed: !('flaw' in opened) },
    holds:
      !('flaw' in opened) &&
      provesInclusion({ index: leaf.index, size, leaf: own, root: opened.checkpoint.root, proof }),
    leaf: base64(own),
    path: proof.map(base64),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** A record that lets the road go first before each page of entries: whoever reads a whole log must not keep others waiting. */
function polite(record: WholeRecord): WholeRecord {
  const others = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    ...record,
    async logEntries(seq, limit) {
      await others();
      return record.logEntries(seq, limit);
    },
    async journal(query) {
      await others();
      return record.journal(query);
    },
  };
}
