import { open } from 'node:fs/promises';
import { readCheckpoint } from '../core/seal/checkpoint.ts';
import type { KeptCheckpoint } from '../ports-log.ts';

/**
 * Appends a checkpoint to a file, one line of JSON (`{"at","size","checkpoint"}`), and flushes it. Meant to lie where whoever
 * administers the database cannot write: then nobody can roll the log back behind it unseen.
 */
export async function appendCheckpoint(file: string, { at, size, note }: KeptCheckpoint): Promise<void> {
  const handle = await open(file, 'a');
  try {
    await handle.appendFile(`${JSON.stringify({ at, size, checkpoint: note })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** More than any few checkpoints take. */
const TAIL = 64 * 1024;

/** The last checkpoints in a file, however long it is; none where there is no file yet. A line that a crash cut off is left out. */
export async function lastCheckpoints(file: string): Promise<string[]> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - TAIL);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return notesIn(buffer.subarray(0, bytesRead).toString('utf8'));
  } finally {
    await handle.close();
  }
}

/** The notes in a text: lines as above, checkpoint lines of an export (`{"type":"checkpoint","note"}`), or one checkpoint as it is. */
export function notesIn(text: string): string[] {
  if (readCheckpoint(text) !== undefined) return [text];
  return text.split('\n').flatMap((line) => noteIn(line) ?? []);
}

function noteIn(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const isOfExport = 'type' in value && value.type === 'checkpoint' && 'note' in value;
    const note = isOfExport ? value.note : 'checkpoint' in value ? value.checkpoint : undefined;
    return typeof note === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}
