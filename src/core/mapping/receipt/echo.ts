import type { Finding } from '../../finding.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { type CompiledMapping, compileMapping } from '../compile.ts';
import { asFindings, type Flaw } from '../mapping-findings.ts';
import { readTemplate } from '../read-template.ts';
import { readYamlKeys } from '../read-yaml.ts';

/**
 * Reads what a platform reports when it repeats what it was sent: a template (`result:`) in the mapping notation, whose
 * input is the result of the outward mapping and whose result is what the inward mapping is given.
 */
export function compileEcho(
  text: string,
  file: string,
  terminology: Terminology,
): { readonly echo?: CompiledMapping; readonly findings: readonly Finding[] } {
  const flaws: Flaw[] = [];
  const report = (flaw: Flaw): number => flaws.push(flaw);
  const root = readYamlKeys(text, ['result'], report);
  const result = readTemplate(root?.get('result', true), { text, report, fragment: () => undefined });
  const findings = asFindings(flaws, { file, text, parts: [] });
  if (root === undefined || flaws.length > 0) return { findings };
  const nothing = { parts: [], maps: [], require: [], functions: [], variables: [] };
  const source = { file, text, name: 'echo', version: 1, from: 'json', to: 'json', result, ...nothing } as const;
  const { mapping, findings: found } = compileMapping(source, { terminology });
  return { ...(mapping !== undefined && { echo: mapping }), findings: [...findings, ...found] };
}
