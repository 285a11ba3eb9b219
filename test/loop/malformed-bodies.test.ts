import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fhir } from 'fhir-lantana';
import { type EngineChild, type Nursery, newNursery } from '../fixtures/crash/engine-child.ts';
import { FAULTS } from '../fixtures/fhir/malformed-bodies.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const EACH = 20;
/** Over twice what it was when this was written. */
const MOST_MEGABYTES = 500;
let town: Town;
let nursery: Nursery;
let engine: EngineChild;
let directory: string;

// In a process of its own: its memory is the engine's alone, and whatever would end it ends that process and not the test.
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-malformed-'));
  nursery = newNursery();
  town = await startTown();
  await town.stopEngine();
  engine = nursery.start({ config: town.configFile, directory });
  expect(await engine.ready).toBe(true);
});

afterAll(async () => {
  await engine.kill();
  await nursery.stop();
  await town.stop();
  rmSync(directory, { recursive: true, force: true });
});

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
      // Over a queue nobody says in which format they want their answer: it is that of the message.
      const outcome = answer.body ?? new Fhir().xmlToObj(answer.text);
      expect(outcome).toMatchObject({
        resourceType: 'OperationOutcome',
        issue: expect.arrayContaining([expect.anything()]),
      });
    });
    await fc.assert(property, { numRuns: EACH });
  });

  it('leave the engine sound: the good one after them is taken', async () => {
    expect(Object.keys(FAULTS).length * EACH).toBeGreaterThanOrEqual(300);
    await town.gp.refer(transactionReferral());
    const counts = await town.store.counts();
    expect(counts['referral.open']).toBe(1);
    expect(counts['message.refused']).toBeGreaterThanOrEqual(200);
  });

  const measured = platform() === 'linux' ? it : it.skip;
  measured(
    'take no more than a bounded amount of memory (the most that the process ever had; told on Linux only)',
    () => {
      const status = readFileSync(`/proc/${engine.pid}/status`, 'utf8');
      const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
      expect(peak).toBeGreaterThan(50);
      expect(peak).toBeLessThan(MOST_MEGABYTES);
    },
  );
});
