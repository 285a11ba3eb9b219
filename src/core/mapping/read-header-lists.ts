import { isSeq } from 'yaml';
import { DISCLOSURES } from './disclosures.ts';
import type { FindBeside } from './read-fragment.ts';
import { oneOf, textOf } from './read-header.ts';
import { offsetOf, type Reading } from './read-template.ts';
import type { Named, ResultSchema } from './template.ts';

/** The categories of what identifies a patient that the template may read; `discloses: []` allows none. */
export function readDiscloses(node: unknown, reading: Reading): Named[] {
  return itemsOf(node).flatMap((item) => {
    const name = oneOf(item, DISCLOSURES, reading);
    return name === undefined ? [] : [{ name, offset: offsetOf(item) }];
  });
}

/** Names of functions in files beside the mapping. */
export function readFunctions(node: unknown, reading: Reading): Named[] {
  return itemsOf(node).flatMap((item) => {
    const name = textOf(item);
    if (name !== undefined && /^[a-z][A-Za-z0-9]*$/.test(name)) return [{ name, offset: offsetOf(item) }];
    reading.report({
      offset: offsetOf(item),
      rule: 'mapping/functions',
      message: 'A function is named with letters and digits and begins with a small letter.',
      remedy: 'Write functions: [postcode] for the function postcode in the file postcode.fn.ts beside the mapping.',
    });
    return [];
  });
}

interface Beside {
  readonly name: string;
  readonly find: FindBeside;
}

/** The JSON Schema of the result: a path from the directory of the mapping. */
export function readSchema(node: unknown, beside: Beside, reading: Reading): ResultSchema | undefined {
  const written = textOf(node);
  const found = written === undefined ? undefined : beside.find(pathFrom(beside.name, written));
  if (found !== undefined) return { ...found, offset: offsetOf(node) };
  reading.report({
    offset: offsetOf(node),
    rule: 'mapping/schema-file',
    message: 'There is no JSON Schema at this path.',
    remedy:
      'Write schema: ./referral.schema.json, a path from the directory of the mapping; the name ends in .schema.json.',
    issue: 'not-found',
  });
  return undefined;
}

/** A path taken from the directory of a mapping or case; `..` goes up, and never above the mappings directory. */
export function pathFrom(name: string, relative: string): string {
  const path = name.split('/').slice(0, -1);
  for (const step of relative.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.') path.push(step);
  }
  return path.join('/');
}

function itemsOf(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [node];
}
