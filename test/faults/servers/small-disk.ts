import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { types } from 'node:util';
import { runProgram } from './run-program.ts';

/** A file system of our own, small enough to be filled. */
export interface SmallDisk {
  readonly directory: string;
  /** From now on nothing more can be written to it (ENOSPC). */
  fill(): void;
  free(): void;
  /** Takes away all that is on it: a hundred runs' records do not fit. */
  clear(): void;
  remove(): Promise<void>;
}

const SIZE = '96m';
const PIECE = Buffer.alloc(64 * 1024);

/** Rejects where this user may not mount one. */
export async function mountSmallDisk(): Promise<SmallDisk> {
  const parent = mkdtempSync(join(tmpdir(), 'hearback-disk-'));
  const directory = join(parent, 'record');
  mkdirSync(directory);
  const removeParent = () => rmSync(parent, { recursive: true, force: true });
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', directory]).catch((fault) => {
    removeParent();
    throw fault;
  });
  const filler = join(directory, 'filler');
  return {
    directory,
    fill() {
      const file = openSync(filler, 'a');
      try {
        // In pieces that get smaller, until not even a byte goes on it.
        for (let length = PIECE.length; length > 0; length = Math.floor(length / 2)) {
          while (fits(file, length));
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    clear() {
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
    },
    async remove() {
      // Lazily: an engine that was interrupted may hold a file open for a moment still.
      await runProgram('umount', ['-l', directory]);
      removeParent();
    },
  };
}

function fits(file: number, length: number): boolean {
  try {
    return writeSync(file, PIECE, 0, length) === length;
  } catch (fault) {
    if (types.isNativeError(fault) && 'code' in fault && fault.code === 'ENOSPC') return false;
    throw fault;
  }
}
