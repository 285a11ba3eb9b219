import { loadR4Model } from '../adapters/fhir-rest/r4-definitions.ts';
import type { Finding } from '../core/finding.ts';
import { type CaseResult, runCases } from '../core/mapping/cases.ts';
import { readFunctionCases, runFunctionCases } from '../core/mapping/function-cases.ts';
import { pairCases } from '../core/mapping/pair-cases.ts';
import type { Workspace } from './mappings-workspace.ts';

export interface TestedMapping {
  readonly name: string;
  readonly results: readonly CaseResult[];
}

interface AllCases {
  readonly tested: readonly TestedMapping[];
  /** Errors only: what keeps a mapping or a case from being run, and pairs without their twin. */
  readonly findings: readonly Finding[];
}

const FUNCTION_CASE = '.fn.case.yaml';

/** Runs the cases of all mappings and of the functions beside them. */
export function runAllCases(workspace: Workspace, directory: string): AllCases {
  const paired = pairCases(workspace.files, directory);
  const findings: Finding[] = [...workspace.findings, ...paired.findings].filter(
    ({ severity }) => severity === 'error',
  );
  const compiled = new Map(workspace.mappings.map((one) => [one.path, one.mapping]));
  const tested = paired.mappings.flatMap(({ file, cases }): TestedMapping[] => {
    const mapping = compiled.get(file);
    return mapping === undefined ? [] : [{ name: mapping.name, results: runCases(mapping, cases, loadR4Model()) }];
  });
  return { tested: [...tested, ...functionCases(workspace, directory, findings)], findings };
}

function functionCases(workspace: Workspace, directory: string, findings: Finding[]): TestedMapping[] {
  const functions = workspace.environment.functionFiles ?? new Map();
  const tested = workspace.files
    .filter(({ file }) => file.endsWith(FUNCTION_CASE))
    .flatMap(({ file, text }): TestedMapping[] => {
      const shown = `${directory}/${file}`;
      const name = file.slice(0, -FUNCTION_CASE.length);
      const own = functions.get(name);
      const read = readFunctionCases(text, shown);
      findings.push(...read.findings);
      if (own === undefined) findings.push(alone(shown, `There is no function ${name}.fn.ts that these are cases of.`));
      if (own === undefined || read.cases === undefined) return [];
      return [{ name: `${name}()`, results: [runFunctionCases(read.cases, shown, own)] }];
    });
  const covered = new Set(tested.map(({ name }) => name));
  for (const name of functions.keys()) {
    const cases = `${name}${FUNCTION_CASE}`;
    if (covered.has(`${name}()`) || workspace.files.some(({ file }) => file === cases)) continue;
    findings.push(alone(`${directory}/${name}.fn.ts`, `This function has no cases: add ${cases}.`));
  }
  return tested;
}

function alone(file: string, message: string): Finding {
  return {
    severity: 'error',
    rule: 'mapping/case-pair',
    place: { file },
    message,
    remedy: 'A function and its cases stand side by side: postcode.fn.ts and postcode.fn.case.yaml.',
    issue: 'not-found',
  };
}
