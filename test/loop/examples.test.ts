import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const example = (name: string): Bundle =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../examples', `${name}.json`), 'utf8'));

describe('the examples that the docs show to a GP system', () => {
  let town: Town;
  beforeAll(async () => {
    town = await startTown({ confirmsCancel: false });
  });
  afterAll(() => town.stop());

  it('are taken as they are, and reach a platform', async () => {
    const transaction = await town.gp.send('', example('referral-transaction'));
    expect(transaction.status).toBe(200);
    await untilReferred(town);
    const message = example('referral-message');
    const answer = await town.gp.send('/$process-message', message);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(message.id);
    await until('both are at the platform', () => town.casework.cases().length === 2);
  });
});
