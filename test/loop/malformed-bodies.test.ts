import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAULTS } from '../fixtures/fhir/malformed-bodies.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const EACH = 20;
let town: Town;

beforeAll(async () => {
  town = await startTown();
});

afterAll(() => town.stop());

describe('malformed bodies at the running engine', () => {
  it.each(Object.keys(FAULTS))('are refused with an OperationOutcome and recorded: %s', async (fault) => {
    const bodies = FAULTS[fault];
    if (bodies === undefined) throw new Error(`no generator for ${fault}`);
    const property = fc.asyncProperty(bodies, async ({ path, type, body }) => {
      const answer = await town.gp.send(path === '/' ? '' : path, body, {
        'content-type': type,
        accept: 'application/fhir+json',
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).toMatchObject({ resourceType: 'OperationOutcome' });
    });
    await fc.assert(property, { numRuns: EACH });
  });

  it('leave the engine sound: the good one after them is taken, and memory is bounded', async () => {
    expect(Object.keys(FAULTS).length * EACH).toBeGreaterThanOrEqual(300);
    const before = process.memoryUsage().rss;
    await town.gp.refer(transactionReferral());
    const counts = await town.store.counts();
    expect(counts['referral.open']).toBe(1);
    expect(counts['message.refused']).toBeGreaterThanOrEqual(200);
    expect(before).toBeLessThan(1_500_000_000);
  });
});
