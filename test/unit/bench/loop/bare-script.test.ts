import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CarrierGiven, planOf, startBare } from '../../../../bench/loop/contenders.ts';
import { type Partners, startPartners } from '../../../../bench/loop/partners.ts';
import { type Prepared, prepareScript, RECORDED } from '../../../../bench/loop/prepare-script.ts';
import { newRecordPlaces } from '../../../../bench/loop/record-place.ts';

/** Loops under way at once. */
const IN_FLIGHT = 8;

describe('the bare script', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-bench-test-'));
  const places = newRecordPlaces(directory);
  const undo: CarrierGiven['undo'] = [];
  let partners: Partners;
  let prepared: Prepared;
  const given = (name: string) => ({ partners, directory, undo, inFlight: IN_FLIGHT, place: places.sqlite(name) });

  beforeAll(async () => {
    partners = await startPartners();
    undo.push(partners.stop);
    prepared = await prepareScript('script', planOf('script', given('script')), partners);
  }, 180_000);

  afterAll(async () => {
    for (const end of undo.reverse()) await end();
    rmSync(directory, { recursive: true, force: true });
  });

  it('knows the commits and the calls of a loop: one segment a message, a delivery and three write-backs', () => {
    const { segments } = prepared.script;
    expect(segments.map(({ answer }) => answer.status)).toEqual([200, 202, 202, 202, 202]);
    const sends = segments.map(({ steps }) => steps.flatMap((step) => (step.kind === 'send' ? [step.to] : [])));
    expect(sends).toEqual([['platform'], ['gp'], [], ['gp'], ['gp']]);
    expect(
      segments.every(({ receive, steps }) => receive.length > 0 && steps.some(({ kind }) => kind === 'write')),
    ).toBe(true);
  });

  it('writes the bytes of the messages, with what names the loop left open', () => {
    const bodies = prepared.script.segments
      .flatMap(({ receive }) => receive)
      .filter(({ table }) => table === 'message_body')
      .map(({ set }) => JSON.stringify(set['body']));
    expect(bodies).toHaveLength(5);
    expect(bodies[0]).toContain('ServiceRequest');
    expect(bodies.filter((body) => body.includes(RECORDED))).toEqual([]);
  });

  it('leaves the rows of whole loops, which stopping it checks', async () => {
    const bare = await startBare('bare', prepared, given('bare'));
    expect(await bare.turn(1)).toBeGreaterThan(0);
    expect(bare.loops()).toBeGreaterThanOrEqual(IN_FLIGHT);
    await bare.stop();
  }, 180_000);

  it('is found out when it leaves others', async () => {
    const rows = { ...prepared.rows, message: (prepared.rows['message'] ?? 0) + 1 };
    const bare = await startBare('other', { ...prepared, rows }, given('other'));
    await bare.turn(1);
    await expect(bare.stop()).rejects.toThrow(/rows in message/);
  }, 180_000);
});
