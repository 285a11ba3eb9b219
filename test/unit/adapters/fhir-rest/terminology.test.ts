import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParametersParameter, ValueSet } from 'fhir/r4.js';
import { Client } from 'fhir-kit-client';
import { loadedTerminology } from '../../../../src/adapters/terminology/loaded-terminology.ts';
import { isResourceType } from '../../../../src/core/referral.ts';
import { buildTerminology } from '../../../../src/core/terminology/build-terminology.ts';
import type { SnomedRelease } from '../../../../src/core/terminology/release/snomed-release.ts';
import { parsedResources } from '../../../../src/core/terminology/service/readable-resources.ts';
import { TerminologyService } from '../../../../src/core/terminology/service/terminology-service.ts';
import { importRelease } from '../../../../src/store/terminology/import-release.ts';
import { openRelease } from '../../../../src/store/terminology/open-release.ts';
import { type GeneratedRelease, generateRelease } from '../../../fixtures/snomed/generate-release.ts';
import { bundleIn, type Endpoint, NOW, outcomeIn, startEndpoint } from './endpoint.ts';

const SNOMED = 'http://snomed.info/sct';
const WORDS = 'https://town.example/fhir/CodeSystem/words';
let place: string;
let made: GeneratedRelease;
let release: SnomedRelease;
let endpoint: Endpoint;
let bare: Endpoint;
let client: Client;

function served(loaded: SnomedRelease | undefined) {
  const service = serviceWith(loaded);
  return loadedTerminology(() => service, { now: () => new Date(NOW) });
}

function serviceWith(loaded: SnomedRelease | undefined): TerminologyService {
  const files = [
    {
      resourceType: 'CodeSystem',
      id: 'words',
      url: WORDS,
      name: 'Words',
      content: 'complete',
      concept: [
        { code: 'help', display: 'Help', concept: [{ code: 'food', display: 'Food parcel' }] },
        { code: 'walk', display: 'Walk' },
      ],
    },
    {
      resourceType: 'ValueSet',
      id: 'needs',
      url: 'https://town.example/fhir/ValueSet/needs',
      name: 'Needs',
      compose: {
        include: [
          { system: SNOMED, concept: [{ code: made.code(11), display: 'Eleven' }] },
          { system: SNOMED, filter: [{ property: 'concept', op: 'in', value: made.refset }] },
          { system: WORDS },
        ],
        exclude: [{ system: SNOMED, concept: [{ code: made.code(20) }] }],
      },
    },
    {
      resourceType: 'ConceptMap',
      id: 'needs-to-words',
      url: 'https://town.example/fhir/ConceptMap/needs-to-words',
      name: 'NeedsToWords',
      group: [
        {
          source: SNOMED,
          target: WORDS,
          element: [
            { code: made.code(11), target: [{ code: 'help', equivalence: 'wider' }] },
            { code: made.code(12), target: [{ equivalence: 'unmatched', comment: 'No word for it.' }] },
          ],
        },
      ],
    },
  ].map((resource) => ({ file: `${resource.id}.json`, text: JSON.stringify({ status: 'active', ...resource }) }));
  const { terminology: listed, findings } = buildTerminology(files);
  expect(findings).toEqual([]);
  return new TerminologyService({
    listed,
    resources: parsedResources(files),
    ...(loaded !== undefined && { release: loaded }),
  });
}

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'hearback-fhir-terms-'));
  made = await generateRelease(join(place, 'rf2'), {
    concepts: 400,
    descriptions: 1_200,
    relationships: 1_200,
    seed: 3,
  });
  const done = await importRelease({ path: made.folder, directory: place, progress: () => {} });
  if (done.kind === 'refused') throw new Error(JSON.stringify(done.findings));
  release = openRelease(done.summary.file);
  endpoint = await startEndpoint({ terminology: served(release) });
  bare = await startEndpoint({ terminology: served(undefined) });
  client = new Client({ baseUrl: endpoint.url, bearerToken: 'elm' });
});
afterAll(async () => {
  await endpoint.stop();
  await bare.stop();
  release.close();
  rmSync(place, { recursive: true, force: true });
});

type Value = string | number | boolean | object | undefined;
const parametersIn = (body: unknown): ParametersParameter[] => {
  if (!isResourceType(body, 'Parameters')) throw new Error(`no Parameters: ${JSON.stringify(body)}`);
  return body.parameter ?? [];
};
const valueIn = (one: ParametersParameter): Value =>
  Object.entries(one).find(([name]) => name.startsWith('value'))?.[1];
const named = (parameters: readonly ParametersParameter[]): Record<string, Value> =>
  Object.fromEntries(parameters.map((one) => [one.name, valueIn(one)]));
const plain = (body: unknown) => named(parametersIn(body));
const partsNamed = (body: unknown, wanted: string) =>
  parametersIn(body)
    .filter(({ name }) => name === wanted)
    .map(({ part = [] }) => named(part));
const propertiesOf = (body: unknown) => partsNamed(body, 'property');

/** Asks as GET and as POST; both must answer the same. */
async function ask(path: string, given: Record<string, string>, at = endpoint) {
  const get = await at.call(`/${path}?${new URLSearchParams(given)}`);
  const parameter = Object.entries(given).map(([name, value]) => ({ name, valueString: value }));
  const post = await at.call(`/${path}`, {
    method: 'POST',
    body: JSON.stringify({ resourceType: 'Parameters', parameter }),
  });
  const body = await get.json();
  expect([post.status, await post.json()]).toEqual([get.status, body]);
  return { status: get.status, body };
}

describe('$lookup', () => {
  it('gives the terms and neighbours of an active concept to a standard client', async () => {
    const answer = await client.operation({
      resourceType: 'CodeSystem',
      name: 'lookup',
      method: 'GET',
      input: { system: SNOMED, code: made.code(12) },
    });
    const parents = propertiesOf(answer).filter(({ code }) => code === 'parent');
    expect(plain(answer)['version']).toBe(release.version);
    expect(plain(answer)['display']).toMatch(/^Thing 12/);
    expect(parents.map(({ value }) => value)).toEqual(
      expect.arrayContaining(made.parents(12).map((parent) => expect.objectContaining({ code: made.code(parent) }))),
    );
    expect(parents).toHaveLength(made.parents(12).length);
  });

  it('says of an inactive concept why it is so and what replaces it', async () => {
    const { body } = await ask('CodeSystem/$lookup', { system: SNOMED, code: made.code(39) });
    const properties = propertiesOf(body);
    expect(properties).toContainEqual({ code: 'inactive', value: true });
    expect(properties.find(({ description }) => description === 'REPLACED BY')?.value).toMatchObject({
      code: made.code(38),
    });
    expect(properties.find(({ code }) => code === 'inactivationReason')?.value).toMatchObject({
      code: '900000000000483008',
    });
  });

  it('answers from the files for another system, and 404 for what is nowhere', async () => {
    expect(plain((await ask('CodeSystem/$lookup', { system: WORDS, code: 'food' })).body)['display']).toBe(
      'Food parcel',
    );
    for (const given of [
      { system: WORDS, code: 'none' },
      { system: SNOMED, code: '138875005' },
      { system: 'urn:none', code: 'x' },
    ]) {
      expect(await ask('CodeSystem/$lookup', given)).toMatchObject({
        status: 404,
        body: { resourceType: 'OperationOutcome' },
      });
    }
  });

  it('refuses a code that is a number, since a number has lost digits', async () => {
    const body = JSON.stringify({
      resourceType: 'Parameters',
      parameter: [
        { name: 'system', valueUri: SNOMED },
        { name: 'code', valueInteger: 12 },
      ],
    });
    expect((await endpoint.call('/CodeSystem/$lookup', { method: 'POST', body })).status).toBe(400);
  });
});

describe('$validate-code', () => {
  it('tells a right code, a wrong display and a code that does not exist apart', async () => {
    const answer = async (given: Record<string, string>) =>
      plain((await ask('CodeSystem/$validate-code', { url: SNOMED, ...given })).body);
    expect(await answer({ code: made.code(12), display: 'thing 12 (Finding)' })).toMatchObject({ result: true });
    expect(await answer({ code: made.code(12), display: 'Something else' })).toMatchObject({ result: false });
    expect(await answer({ code: '138875005' })).toMatchObject({ result: false });
    expect(await answer({ code: made.code(39) })).toMatchObject({
      result: true,
      message: expect.stringContaining('inactive'),
    });
  });

  it('answers for value sets as the engine itself does', async () => {
    const service = serviceWith(release);
    for (const number of [10, 11, 12, 20, 39, 40]) {
      const { body } = await ask('ValueSet/$validate-code', { url: 'needs', system: SNOMED, code: made.code(number) });
      expect([number, plain(body)['result']]).toEqual([
        number,
        service.member('needs', SNOMED, made.code(number)) === 'yes',
      ]);
    }
    expect([10, 20, 12].map((number) => service.member('needs', SNOMED, made.code(number)))).toEqual([
      'yes',
      'no',
      'no',
    ]);
  });

  it('takes a CodeableConcept of which one coding fits', async () => {
    const coding = [
      { system: SNOMED, code: made.code(12) },
      { system: WORDS, code: 'walk' },
    ];
    const answer = await client.operation({
      resourceType: 'ValueSet',
      name: 'validate-code',
      input: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'url', valueUri: 'https://town.example/fhir/ValueSet/needs' },
          { name: 'codeableConcept', valueCodeableConcept: { coding } },
        ],
      },
    });
    expect(plain(answer)).toMatchObject({ result: true, display: 'Walk' });
  });

  it('never says no where the members are not loaded', async () => {
    const inside = await ask('ValueSet/$validate-code', { url: 'needs', system: SNOMED, code: made.code(11) }, bare);
    expect(plain(inside.body)['result']).toBe(true);
    const unknown = await ask('ValueSet/$validate-code', { url: 'needs', system: SNOMED, code: made.code(10) }, bare);
    expect(unknown).toMatchObject({ status: 422, body: { resourceType: 'OperationOutcome' } });
    expect((await ask('CodeSystem/$validate-code', { url: SNOMED, code: made.code(10) }, bare)).status).toBe(404);
    expect(serviceWith(undefined).member('needs', SNOMED, made.code(10))).toBe('unknown');
  });
});

describe('$subsumes', () => {
  it('gives each of the four outcomes', async () => {
    const [parent = 0] = made.parents(200);
    const outcome = async (a: number, b: number) =>
      plain((await ask('CodeSystem/$subsumes', { system: SNOMED, codeA: made.code(a), codeB: made.code(b) })).body)[
        'outcome'
      ];
    expect(await outcome(parent, 200)).toBe('subsumes');
    expect(await outcome(200, parent)).toBe('subsumed-by');
    expect(await outcome(200, 200)).toBe('equivalent');
    expect(await outcome(200, 201)).toBe('not-subsumed');
    expect(
      plain((await ask('CodeSystem/$subsumes', { system: WORDS, codeA: 'help', codeB: 'food' })).body)['outcome'],
    ).toBe('subsumes');
  });
});

describe('$expand', () => {
  const expand = async (given: Record<string, string>, at = endpoint): Promise<ValueSet> => {
    const { body } = await ask('ValueSet/$expand', given, at);
    if (!isResourceType(body, 'ValueSet')) throw new Error(`no ValueSet: ${JSON.stringify(body)}`);
    return body;
  };
  const codes = ({ expansion }: ValueSet) => expansion?.contains?.map(({ code }) => code) ?? [];
  const refsetCodes = Array.from({ length: 40 }, (_none, index) => index * 10);

  it('pages through an implicit reference set without a gap', async () => {
    const url = `${SNOMED}?fhir_vs=refset/${made.refset}`;
    const all = codes(await expand({ url }));
    expect(all.sort()).toEqual(refsetCodes.filter(made.isActive).map(made.code).sort());
    const pages = await Promise.all([0, 15, 30].map((offset) => expand({ url, count: '15', offset: String(offset) })));
    expect(pages.flatMap(codes).sort()).toEqual(all);
    expect(pages.map(({ expansion }) => expansion?.total)).toEqual([40, 40, 40]);
    expect((await expand({ url, count: '0' })).expansion).toMatchObject({ total: 40, contains: [] });
  });

  it('evaluates implicit expressions, escaped or not, and isa', async () => {
    const below = codes(await expand({ url: `${SNOMED}?fhir_vs=isa/${made.code(1)}` }));
    const ecl = `<< ${made.code(1)} |Thing 1|`;
    expect(codes(await expand({ url: `${SNOMED}?fhir_vs=ecl/${ecl}` }))).toEqual(below);
    expect(codes(await expand({ url: `${SNOMED}?fhir_vs=ecl/${encodeURIComponent(ecl)}` }))).toEqual(below);
    const both = codes(
      await expand({
        url: `${release.version}?fhir_vs=ecl/(<<${made.code(1)} AND ^${made.refset}) MINUS ${made.code(10)}`,
      }),
    );
    expect(both).toEqual(
      below.filter((code) => refsetCodes.some((number) => made.code(number) === code && number !== 10)),
    );
    expect(codes(await expand({ url: `${SNOMED}?fhir_vs`, count: '5' }))).toHaveLength(5);
    expect(codes(await expand({ url: `${SNOMED}?fhir_vs=refset` }))).toEqual([made.refset]);
  });

  it('filters by the beginnings of words', async () => {
    const found = await expand({ url: 'needs', filter: 'THIN 110' });
    expect(codes(found)).toEqual([made.code(110)]);
    expect(codes(await expand({ url: 'needs', filter: 'parc foo' }))).toEqual(['food']);
  });

  it('refuses a filter of more words than anybody searches with; a word said again is one', async () => {
    const filter = Array.from({ length: 21 }, (_, number) => `t${number}`).join(' ');
    const { status, body } = await ask('ValueSet/$expand', { url: `${SNOMED}?fhir_vs`, filter });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      issue: [{ code: 'too-costly', details: { text: expect.stringContaining('20 words') } }],
    });
    expect(codes(await expand({ url: 'needs', filter: 'food '.repeat(1000) }))).toEqual(['food']);
  });

  it('lists what is known where no release is loaded, and says that it is not all', async () => {
    const found = await expand({ url: 'needs' }, bare);
    expect(codes(found)).toEqual([made.code(11), 'help', 'food', 'walk']);
    expect(found.expansion?.parameter).toContainEqual({
      name: 'warning',
      valueString: expect.stringContaining('Not all members'),
    });
    expect((await ask('ValueSet/$expand', { url: `${SNOMED}?fhir_vs` }, bare)).status).toBe(404);
  });

  it('says where an expression is wrong', async () => {
    const answer = await endpoint.call(
      `/ValueSet/$expand?url=${encodeURIComponent(`${SNOMED}?fhir_vs=ecl/<< ${made.code(1)} AND`)}`,
    );
    expect(answer.status).toBe(400);
    const [issue] = (await outcomeIn(answer)).issue;
    expect(issue?.diagnostics).toContain(`column ${`<< ${made.code(1)} AND`.length + 1}`);
  });
});

describe('$translate', () => {
  const matches = (body: unknown) => partsNamed(body, 'match');

  it('gives equivalence and map, both ways, and the written-down absence', async () => {
    const url = 'https://town.example/fhir/ConceptMap/needs-to-words';
    const there = await ask('ConceptMap/$translate', { url, system: SNOMED, code: made.code(11) });
    expect(plain(there.body)['result']).toBe(true);
    expect(matches(there.body)).toEqual([
      { equivalence: 'wider', concept: { system: WORDS, code: 'help' }, source: url },
    ]);
    const back = await ask('ConceptMap/$translate', { url, system: WORDS, code: 'help', reverse: 'true' });
    expect(matches(back.body)).toEqual([
      { equivalence: 'narrower', concept: { system: SNOMED, code: made.code(11) }, source: url },
    ]);
    const none = await ask('ConceptMap/$translate', { url, system: SNOMED, code: made.code(12) });
    expect([plain(none.body)['result'], matches(none.body)?.[0]]).toEqual([
      false,
      { equivalence: 'unmatched', comment: 'No word for it.', source: url },
    ]);
    expect((await ask('ConceptMap/$translate', { url: 'urn:none', system: SNOMED, code: made.code(1) })).status).toBe(
      404,
    );
  });

  it('reads the implicit maps of the release', async () => {
    const replaced = await ask('ConceptMap/$translate', {
      url: `${SNOMED}?fhir_cm=900000000000526001`,
      system: SNOMED,
      code: made.code(39),
    });
    expect(matches(replaced.body)?.[0]).toMatchObject({ equivalence: 'equivalent', concept: { code: made.code(38) } });
    const legacy = await ask('ConceptMap/$translate', {
      url: `${SNOMED}?fhir_cm=${made.map}`,
      system: 'urn:legacy',
      code: 'T100',
      reverse: 'true',
    });
    expect(matches(legacy.body)?.[0]).toMatchObject({ concept: { code: made.code(100) } });
  });
});

describe('the endpoint around them', () => {
  it('lists the operations and says what it runs on', async () => {
    const statement = capabilities(await (await endpoint.call('/metadata')).json());
    const operations = statement.rest?.[0]?.resource?.flatMap(({ type, operation = [] }) =>
      operation.map(({ name }) => `${type}/${name}`),
    );
    expect(operations).toEqual([
      'CodeSystem/lookup',
      'CodeSystem/validate-code',
      'CodeSystem/subsumes',
      'ValueSet/validate-code',
      'ValueSet/expand',
      'ConceptMap/translate',
    ]);
    expect(statement.rest?.[0]?.documentation).toContain(`needs (${made.refset}): release`);
    expect(await (await bare.call('/metadata')).text()).toContain('starter set');
  });

  it('reads and finds the resources of the directory', async () => {
    expect(await (await endpoint.call('/ValueSet/needs')).json()).toMatchObject({
      resourceType: 'ValueSet',
      id: 'needs',
    });
    const found = await bundleIn(await endpoint.call(`/CodeSystem?url=${encodeURIComponent(WORDS)}`));
    expect(found.entry?.map(({ fullUrl }) => fullUrl)).toEqual(['https://hearback.example/fhir/CodeSystem/words']);
    expect((await endpoint.call('/ConceptMap/none')).status).toBe(404);
  });

  it('asks for a token and for the scope, and answers in XML when that is wanted', async () => {
    const path = `/CodeSystem/$lookup?system=${encodeURIComponent(WORDS)}&code=food`;
    expect((await endpoint.call(path, { token: 'nobody' })).status).toBe(401);
    expect((await endpoint.call(path, { token: 'reader' })).status).toBe(403);
    const xml = await endpoint.call(path, { headers: { accept: 'application/fhir+xml' } });
    expect(await xml.text()).toContain('<valueString value="Food parcel"');
  });
});

function capabilities(content: unknown) {
  if (!isResourceType(content, 'CapabilityStatement')) throw new Error('no CapabilityStatement');
  return content;
}
