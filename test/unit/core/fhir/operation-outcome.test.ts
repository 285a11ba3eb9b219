import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { toOperationOutcome } from '../../../../src/core/fhir/operation-outcome.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import type { Finding } from '../../../../src/core/finding.ts';

const finding: Finding = {
  severity: 'error',
  rule: 'fhir/required',
  issue: 'required',
  place: { expression: 'ServiceRequest' },
  message: 'The element ServiceRequest.subject is missing.',
  remedy: 'Give subject.',
};

describe('toOperationOutcome', () => {
  it('carries severity, issue type, message, remedy, rule and place', () => {
    expect(toOperationOutcome([finding], 'plain', 422)).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'required',
          details: { text: 'The element ServiceRequest.subject is missing.' },
          diagnostics: 'Give subject. [fhir/required]',
          expression: ['ServiceRequest'],
        },
      ],
    });
  });

  it.each([
    [400, 'REC_BAD_REQUEST'],
    [409, 'REC_CONFLICT'],
    [413, 'REC_BAD_REQUEST'],
    [422, 'REC_UNPROCESSABLE_ENTITY'],
    [425, 'REC_TOO_EARLY'],
    [429, 'REC_TOO_MANY_REQUESTS'],
    [502, 'REC_SERVER_ERROR'],
    [503, 'REC_UNAVAILABLE'],
  ])('gives a BaRS sender the code that belongs to HTTP %i: %s', (status, code) => {
    expect(toOperationOutcome([finding], 'bars', status).issue[0]?.details).toEqual({
      coding: [{ system: 'https://fhir.nhs.uk/Codesystem/http-error-codes', code }],
      text: finding.message,
    });
  });

  it('gives no BaRS error code to a warning or with a success', () => {
    const warning: Finding = { ...finding, severity: 'warning' };
    expect(toOperationOutcome([warning], 'bars', 400).issue[0]?.details).toEqual({ text: finding.message });
    expect(toOperationOutcome([finding], 'bars', 200).issue[0]?.details).toEqual({ text: finding.message });
    expect(toOperationOutcome([finding], 'bars').issue[0]?.details).toEqual({ text: finding.message });
  });

  it('puts lines and JSON Pointers, which are no FHIRPath, into the diagnostics', () => {
    const [issue] = toOperationOutcome(
      [{ ...finding, place: { line: 3, column: 7, expression: '/entry/0' } }],
      'plain',
    ).issue;
    expect(issue?.diagnostics).toBe('Give subject. [fhir/required at line 3, column 7, /entry/0]');
    expect(issue).not.toHaveProperty('expression');
  });

  it('says "processing" when a finding has no issue type', () => {
    const { issue: _, ...untyped } = finding;
    expect(toOperationOutcome([untyped], 'plain').issue[0]?.code).toBe('processing');
  });

  it('is itself valid R4, also without findings', () => {
    const model = loadR4Model();
    for (const findings of [[], [finding, { ...finding, place: {} }]])
      for (const dialect of ['plain', 'bars'] as const)
        expect(checkStructure(toOperationOutcome(findings, dialect, 400), model)).toEqual([]);
  });
});
