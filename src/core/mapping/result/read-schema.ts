import { readJson } from '../../json/strict-json.ts';
import type { Report } from '../mapping-findings.ts';
import { isObject } from '../plain-value.ts';
import type { ResultSchema } from '../template.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 100;

/** Reads the text of a JSON Schema; undefined, and a flaw at the header that names it, when it is none. */
export function readJsonSchema({ text, file, offset }: ResultSchema, report: Report): JsonSchema | undefined {
  const { value, findings } = readJson(new TextEncoder().encode(text), { maxDepth: MAX_DEPTH });
  if (isObject(value) && findings.every(({ severity }) => severity !== 'error')) return value;
  const line = findings[0]?.place.line;
  report({
    offset,
    rule: 'mapping/schema-file',
    message: `${file} is not a JSON Schema${line === undefined ? '' : ` (line ${line})`}: ${findings[0]?.message ?? 'it is not an object.'}`,
    remedy: 'Mend the file; it holds one JSON object.',
    issue: 'structure',
  });
  return undefined;
}
