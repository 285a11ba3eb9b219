import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../core/finding.ts';
import { readFunctionSource } from '../core/mapping/function-source.ts';
import type { MappingFunction } from '../core/mapping/mapping-functions.ts';
import type { MappingFile } from '../core/mapping/pair-cases.ts';

interface LoadedFunctions {
  /** By path below the mappings directory without the ending: `casework/postcode`. */
  readonly functions: ReadonlyMap<string, MappingFunction>;
  readonly findings: readonly Finding[];
}

/** The sources run as they are; from a package, where nothing reads TypeScript, the compiled files do. */
export const FUNCTION_ENDING = import.meta.url.endsWith('.ts') ? '.fn.ts' : '.fn.js';

/** Loads the functions that stand beside mappings. Only what passes the static check is run at all. */
export async function loadFunctions(files: readonly MappingFile[], directory: string): Promise<LoadedFunctions> {
  const functions = new Map<string, MappingFunction>();
  const findings: Finding[] = [];
  for (const { file, text } of files.filter((one) => one.file.endsWith(FUNCTION_ENDING))) {
    const shown = join(directory, file);
    const read = readFunctionSource(text, shown);
    findings.push(...read.findings);
    if (read.source === undefined) continue;
    const { name, parameters } = read.source;
    const loaded = await importFunction({ name, text });
    if (loaded === undefined) findings.push(notLoaded(shown));
    else functions.set(file.slice(0, -FUNCTION_ENDING.length), { parameters, apply: checked(loaded), text });
  }
  return { functions, findings };
}

/**
 * Loads the text that was read and checked, from a file of its own: what a module's address gave once, it gives for ever, and
 * a function that changed while the engine runs would go on as it was.
 */
async function importFunction({
  name,
  text,
}: {
  readonly name: string;
  readonly text: string;
}): Promise<((...texts: unknown[]) => unknown) | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-function-'));
  const file = join(directory, `${name}${FUNCTION_ENDING}`);
  try {
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    writeFileSync(file, text);
    const module: unknown = await import(pathToFileURL(file).href);
    const found: unknown =
      typeof module === 'object' && module !== null
        ? Object.entries(module).find(([key]) => key === name)?.[1]
        : undefined;
    return typeof found === 'function' ? (...texts) => Reflect.apply(found, undefined, texts) : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What is no value of JSON would not survive the way: a function that gives one has a mistake. */
function checked(own: (...texts: unknown[]) => unknown): MappingFunction['apply'] {
  return (text, ...given) => {
    const value = own(text, ...given);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    throw new Error('a function beside a mapping gave something that is no text, number or boolean');
  };
}

function notLoaded(file: string): Finding {
  return {
    severity: 'error',
    rule: 'mapping/function-file',
    place: { file },
    message: 'The function could not be loaded: its file has a syntax error, or it does what was not seen.',
    remedy: 'Mend it; node --check says where.',
  };
}
