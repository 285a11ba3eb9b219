import type { Finding } from '../../../../src/core/finding.ts';
import {
  type CompiledMapping,
  type CompileEnvironment,
  compileMapping,
  type MappingRun,
} from '../../../../src/core/mapping/compile.ts';
import { parseMapping } from '../../../../src/core/mapping/parse.ts';
import type { FindBeside } from '../../../../src/core/mapping/read-fragment.ts';
import { NO_CODES } from '../../../../src/core/terminology/code-book.ts';
import type { Terminology, Translation } from '../../../../src/core/terminology/terminology.ts';

/** A terminology with one map, `colours`, of the system `urn:colours`. */
export const COLOURS: Terminology = {
  translate(map, system, code): Translation {
    if (map !== 'colours' || system !== 'urn:colours') return { kind: 'unknown' };
    if (code === 'red')
      return { kind: 'match', system: 'urn:farben', code: 'rot', display: 'Rot', equivalence: 'equal' };
    return code === 'grue' ? { kind: 'unmatched', comment: 'two colours at once' } : { kind: 'unknown' };
  },
  member: () => 'unknown',
  hasMap: (map) => map === 'colours',
  hasValueSet: () => false,
  codes: NO_CODES,
};

const INWARD = 'mapping: small\nversion: 1\nfrom: json\nto: fhir/report\norder: "{{ id }}"\n';
const OUTWARD = 'mapping: small\nversion: 1\nfrom: fhir/referral\nto: json\n';
export const FILE = 'mappings/small.map.yaml';

/** The text of a mapping from JSON (or from the dossier) with a body of `let:`, `maps:`, `require:` and `result:`. */
export function inward(body: string): string {
  return INWARD + body;
}

export function outward(body: string): string {
  return OUTWARD + body;
}

export function findingsOf(
  text: string,
  environment: Partial<CompileEnvironment> = {},
  find?: FindBeside,
): readonly Finding[] {
  const parsed = parseMapping(text, FILE, find);
  if (parsed.source === undefined) return parsed.findings;
  return compileMapping(parsed.source, { terminology: COLOURS, ...environment }).findings;
}

/** Compiles what is expected to be right; throws with the findings when it is not. */
export function compiled(
  text: string,
  environment: Partial<CompileEnvironment> = {},
  find?: FindBeside,
): CompiledMapping {
  const parsed = parseMapping(text, FILE, find);
  if (parsed.source === undefined) throw new Error(JSON.stringify(parsed.findings));
  const { mapping, findings } = compileMapping(parsed.source, { terminology: COLOURS, ...environment });
  if (mapping === undefined) throw new Error(JSON.stringify(findings));
  return mapping;
}

/** What a template (as `result:`) makes of a JSON input. */
export function made(result: string, input: unknown, head = ''): unknown {
  return ran(`${head}result:\n${indented(result)}`, input).result;
}

export function ran(body: string, input: unknown): MappingRun {
  return compiled(inward(body)).run(input, {});
}

/** Files beside the mapping, by their path below the mappings directory. */
export function beside(files: Readonly<Record<string, string>>): FindBeside {
  return (path) => {
    const text = files[path];
    return text === undefined ? undefined : { file: `mappings/${path}`, text };
  };
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
