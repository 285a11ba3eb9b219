import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
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

/** The notes in a file: lines as above, or one checkpoint as it is. A last line that was cut off by a crash is left out. */
export async function readCheckpoints(file: string): Promise<string[]> {
  return existsSync(file) ? notesIn(await readFile(file, 'utf8')) : [];
}

export function notesIn(text: string): string[] {
  if (readCheckpoint(text) !== undefined) return [text];
  return text.split('\n').flatMap((line) => noteIn(line) ?? []);
}

function noteIn(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('checkpoint' in value)) return undefined;
    return typeof value.checkpoint === 'string' ? value.checkpoint : undefined;
  } catch {
    return undefined;
  }
}
