import type { Finding } from '../../finding.ts';
import type { EclError } from '../ecl/expression.ts';
import { OperationFault } from './operation.ts';

export function unknownSystem(message: string): OperationFault {
  const remedy = 'Name a code system that is loaded: GET CodeSystem lists them.';
  return new OperationFault(404, {
    rule: 'terminology/unknown-system',
    at: 'system',
    message,
    remedy,
    issue: 'not-found',
  });
}

/** @param whole the code system is loaded whole, so that the code does not exist */
export function unknownCode(whole: boolean): OperationFault {
  return new OperationFault(404, {
    rule: 'terminology/unknown-code',
    at: 'code',
    message: whole
      ? 'The code system has no such code.'
      : 'The code is not among those that are known here: it may exist.',
    remedy: whole
      ? 'Check the code.'
      : 'Import a release (hearback terminology import), or ask a terminology server that has one.',
    issue: whole ? 'code-invalid' : 'not-found',
  });
}

export function unknownMembership(gaps: readonly string[]): OperationFault {
  return new OperationFault(422, {
    rule: 'terminology/unknown-membership',
    at: 'url',
    message: `Whether the code is in the value set is not known. ${[...new Set(gaps)].join(' ')}`,
    remedy: 'Import a release that holds its members; unknown is not no.',
    issue: 'not-found',
  });
}

export function noSuchValueSet(needsRelease: boolean): OperationFault {
  return new OperationFault(404, {
    rule: 'terminology/unknown-value-set',
    at: 'url',
    message: needsRelease
      ? 'An implicit value set needs a SNOMED CT release, and none is loaded.'
      : 'There is no such value set here.',
    remedy: needsRelease
      ? 'Import a release (hearback terminology import).'
      : 'GET ValueSet lists those that are here.',
    issue: 'not-found',
  });
}

export function noSuchMap(): OperationFault {
  return new OperationFault(404, {
    rule: 'terminology/unknown-map',
    at: 'url',
    message: 'There is no such concept map here.',
    remedy: 'GET ConceptMap lists those that are here.',
    issue: 'not-found',
  });
}

const ISSUES: Partial<Record<EclError['rule'], 'not-supported' | 'too-costly'>> = {
  'ecl/not-supported': 'not-supported',
  'ecl/too-costly': 'too-costly',
};

export function brokenExpression(fault: EclError): Finding {
  return {
    severity: 'error',
    rule: fault.rule,
    place: { line: 1, column: fault.at + 1, expression: "Parameters.parameter.where(name = 'url')" },
    message: fault.message,
    remedy: `${fault.remedy} The column counts within the expression.`,
    issue: ISSUES[fault.rule] ?? 'code-invalid',
  };
}
