import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OperationOutcome } from 'fhir/r4.js';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { xmlToFhirJson } from '../../../../src/adapters/fhir-rest/xml.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { isResourceType } from '../../../../src/core/referral.ts';
import { FAULTS } from '../../../fixtures/fhir/malformed-bodies.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { referralBundle } from './referral-content.ts';

/** In the format of the request, where that was one. */
async function outcomeOf(answer: Response): Promise<OperationOutcome> {
  const text = await answer.text();
  const isXml = answer.headers.get('content-type')?.includes('xml') === true;
  const content: unknown = isXml ? xmlToFhirJson(Buffer.from(text)).content : JSON.parse(text);
  expect(checkStructure(content, loadR4Model())).toEqual([]);
  if (!isResourceType(content, 'OperationOutcome')) throw new Error('the answer is no OperationOutcome');
  return content;
}

describe('a malformed body', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  for (const [fault, bodies] of Object.entries(FAULTS)) {
    it(`is always refused with an OperationOutcome: ${fault}`, async () => {
      let sent = 0;
      const property = fc.asyncProperty(bodies, async ({ path, type, body }) => {
        sent += 1;
        const headers = { 'content-type': type, 'x-request-id': `${fault.replaceAll(' ', '-')}-${sent}` };
        const answer = await endpoint.call(path, { method: 'POST', body, headers });
        const outcome = await outcomeOf(answer);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(outcome.issue.length).toBeGreaterThan(0);
        expect(JSON.stringify(outcome)).not.toMatch(/Testpatient|9990000018|\.ts:\d/);
      });
      await fc.assert(property, { numRuns: 20 });
      expect(sent).toBeGreaterThanOrEqual(20);
    });
  }

  it('leaves nothing behind: the next good one is taken', async () => {
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const answer = await endpoint.call('/', { method: 'POST', body: JSON.stringify(referralBundle()) });
    expect(answer.status).toBe(200);
    expect(Object.keys(FAULTS).length * 20).toBeGreaterThanOrEqual(300);
  });
});
