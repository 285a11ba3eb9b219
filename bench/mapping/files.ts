import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';

const TERMINOLOGY = join(import.meta.dirname, '../../terminology');

/** Text of a file beside this one. */
export function textBeside(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

/** The terminology that is shipped with Hearback. */
export function shippedTerminology(): Terminology {
  const files = readdirSync(TERMINOLOGY).filter((file) => file.endsWith('.json'));
  return buildTerminology(files.map((file) => ({ file, text: readFileSync(join(TERMINOLOGY, file), 'utf8') })))
    .terminology;
}
