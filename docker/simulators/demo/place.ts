import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The checkout. */
export const PROJECT = join(import.meta.dirname, '../../..');

/** A directory of our own that nobody else may read: it will hold secrets and (synthetic) patients. */
export interface Place {
  readonly directory: string;
  /** Writes a file that only this user may read; gives its name for the configuration. */
  keep(name: string, content: string): string;
  /** A directory with the project's mappings and those of `more`; gives its name for the configuration. */
  mappings(more: string): string;
  remove(): void;
}

/** @param temporary true below the system's temporary directory, false below `var/demo` of the checkout */
export function newPlace(temporary: boolean): Place {
  const parent = temporary ? tmpdir() : join(PROJECT, 'var/demo');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, temporary ? 'hearback-demo-' : 'run-'));
  chmodSync(directory, 0o700);
  return {
    directory,
    keep(name, content) {
      writeFileSync(join(directory, name), content, { mode: 0o600 });
      return `./${name}`;
    },
    mappings(more) {
      for (const from of [join(PROJECT, 'mappings'), more])
        cpSync(from, join(directory, 'mappings'), { recursive: true });
      return './mappings';
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
