import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { newHttpClient } from '../../src/adapters/http-client/http-client.ts';
import { loadedTerminology } from '../../src/adapters/terminology/loaded-terminology.ts';
import { remoteTerminology } from '../../src/adapters/terminology/remote-terminology.ts';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';
import { givenInAddress } from '../../src/core/terminology/service/given.ts';
import { TerminologyService } from '../../src/core/terminology/service/terminology-service.ts';
import { machineClock } from '../../src/ops/machine.ts';
import { importRelease } from '../../src/store/terminology/import-release.ts';
import { type GeneratedRelease, generateRelease } from '../fixtures/snomed/generate-release.ts';
import { SILENT, startTown, type Town } from '../fixtures/town/town.ts';
import { GP_TOKEN } from '../fixtures/town/town-config.ts';

const SNOMED = 'http://snomed.info/sct';
let place: string;
let made: GeneratedRelease;
let town: Town;
const told: string[] = [];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'hearback-town-release-'));
  made = await generateRelease(join(place, 'rf2'), { concepts: 300, descriptions: 900, relationships: 900, seed: 6 });
  const directory = join(place, 'editions');
  const done = await importRelease({ path: made.folder, directory, edition: 'uk', progress: () => {} });
  expect(done.kind).toBe('imported');
  const info = (event: string, fields = {}) => void told.push(`${event} ${JSON.stringify(fields)}`);
  town = await startTown({ engine: [`  releases: ${directory}`], log: { ...SILENT, info } });
});
afterAll(async () => {
  await town.stop();
  rmSync(place, { recursive: true, force: true });
});

describe('an engine with an imported release', () => {
  it('says at the start what it runs on', () => {
    const [line] = told.filter((one) => one.startsWith('terminology.runs-on'));
    expect(line).toContain('"edition":"uk"');
    expect(line).toContain('"referenceSetsFromRelease":""');
  });

  it('answers a standard client', async () => {
    const client = new Client({ baseUrl: `${town.url}/fhir`, bearerToken: GP_TOKEN });
    const url = `${SNOMED}?fhir_vs=ecl/<< ${made.code(1)} AND ^ ${made.refset}`;
    const answer = await client.operation({ resourceType: 'ValueSet', name: 'expand', method: 'GET', input: { url } });
    expect(answer).toMatchObject({ resourceType: 'ValueSet', expansion: { total: expect.any(Number) } });
  });

  it('can stand as the terminology server of another engine', async () => {
    const empty = new TerminologyService({ listed: buildTerminology([]).terminology, resources: [] });
    const door = remoteTerminology(
      { url: `${town.url}/fhir`, token: GP_TOKEN, local: true, onDown: 'hold', timeoutMs: 10_000, keepFor: 60_000 },
      { newHttpClient, loaded: loadedTerminology(() => empty, machineClock), clock: machineClock, log: SILENT },
    );
    const given = givenInAddress([
      ['system', SNOMED],
      ['code', made.code(39)],
    ]);
    const answer = await door.perform('CodeSystem/$lookup', given);
    expect(JSON.stringify(answer)).toContain(made.code(38));
    await town.stopEngine();
    expect(await door.perform('CodeSystem/$subsumes', given)).toMatchObject({ kind: 'refused', status: 503 });
    expect(await door.perform('CodeSystem/$lookup', given)).toEqual(answer);
    await door.stop();
  });
});
