import type { R4Model } from '../fhir/model.ts';
import { checkStructure } from '../fhir/structure.ts';
import { type Finding, hasErrors } from '../finding.ts';
import { readReport } from '../loop/report/read-report.ts';
import type { MappingRun } from './compile.ts';
import type { Difference } from './difference.ts';
import { type MappingTo, makesFhir } from './direction.ts';

/**
 * What a receiver would refuse in a result that a run calls good: what is not FHIR R4, and in a report what the engine
 * cannot read. A run that is held or refused has no result to judge.
 */
export function resultFaults(
  to: MappingTo,
  { result, unmapped, findings }: MappingRun,
  variables: Readonly<Record<string, unknown>>,
  model: R4Model,
): Difference[] {
  if (!makesFhir(to) || unmapped.length > 0 || hasErrors(findings)) return [];
  const faults = [...checkStructure(result, model), ...(to === 'fhir/report' ? reportFindings(result, variables) : [])];
  return faults
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, place, message, remedy }) => ({
      path: `(${rule}) ${place.expression ?? ''}`.trim(),
      expected: remedy,
      actual: message,
    }));
}

function reportFindings(result: unknown, variables: Readonly<Record<string, unknown>>): readonly Finding[] {
  const { receivedAt, partner } = variables;
  if (typeof receivedAt !== 'string' || typeof partner !== 'string') return [];
  return readReport(result, { receivedAt, partner }).findings;
}
