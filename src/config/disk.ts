import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ConfigIo } from './io.ts';

/**
 * The surroundings as they are: the disk and the given environment variables.
 * What cannot be read is undefined; the reader of the configuration says where that matters.
 */
export function diskIo(env: Readonly<Record<string, string | undefined>>): ConfigIo {
  return {
    readFile: (path) => orUndefined(() => readFileSync(path, 'utf8')),
    env: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
    list: (directory) => orUndefined(() => filesBelow(directory)),
  };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
