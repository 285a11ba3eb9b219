import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { RESOURCE_TABLE } from '../../../../src/adapters/fhir-rest/resource-table.ts';
import { isIndexed, searchParametersOf } from '../../../../src/core/fhir/search-index.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { BASE, bundleIn, type Endpoint, outcomeIn, startEndpoint } from './endpoint.ts';
import { NHS_NUMBER, patient, serviceRequest, task } from './referral-content.ts';

const FORM = 'application/x-www-form-urlencoded';
const NHS = `${NHS_NUMBER.system}|${NHS_NUMBER.value}`;

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const { record } = endpoint;
  record.addReferral('r1', 'elm');
  record.addReferral('r2', 'oak');
  const first = { referral: 'r1', at: '2026-11-20T23:30:00.000Z' };
  const second = { referral: 'r1', at: '2026-11-21T00:00:00.000Z' };
  record.add(patient('p1'), first);
  record.add(serviceRequest('s1', 'Patient/p1'), first);
  record.add(task('t1', 'ServiceRequest/s1', 'Patient/p1'), first);
  const child = { ...task('t2', 'ServiceRequest/s1', 'Patient/p1'), owner: { reference: 'Organization/casework' } };
  record.add({ ...child, status: 'accepted', partOf: [{ reference: 'Task/t1' }] }, second);
  record.add(task('t9', 'ServiceRequest/s9', 'Patient/p9'), { referral: 'r2', at: '2026-11-21T00:00:00.000Z' });
});
afterEach(() => endpoint.stop());

const bundleOf = async (answer: Response): Promise<Bundle<FhirResource>> => {
  const bundle = await bundleIn(answer);
  expect(checkStructure(bundle, loadR4Model())).toEqual([]);
  return bundle;
};
const search = async (query: string) => bundleOf(await endpoint.call(query));
const ids = ({ entry = [] }: Bundle<FhirResource>, mode = 'match') =>
  entry.flatMap((one) => (one.search?.mode === mode ? [one.resource?.id] : []));
const linkOf = ({ link = [] }: Bundle<FhirResource>, relation: string) =>
  link.find((one) => one.relation === relation)?.url;

describe('a search', () => {
  it('finds by everything the table says, in every way of writing it', async () => {
    const queries: Readonly<Record<string, readonly string[]>> = {
      '/Task': ['t1', 't2'],
      '/Task?_id=t2': ['t2'],
      '/Task?status=accepted': ['t2'],
      '/Task?status=accepted,requested': ['t1', 't2'],
      '/Task?status=http://hl7.org/fhir/task-status%7Caccepted': ['t2'],
      '/Task?status=accepted&status=requested': [],
      '/Task?patient=Patient/p1&status=requested': ['t1'],
      '/Task?patient=p1': ['t1', 't2'],
      '/Task?patient:Patient=p1': ['t1', 't2'],
      [`/Task?patient=${BASE}/Patient/p1`]: ['t1', 't2'],
      [`/Task?patient.identifier=${encodeURIComponent(NHS)}`]: ['t1', 't2'],
      [`/Task?patient:identifier=${encodeURIComponent(NHS)}`]: ['t1', 't2'],
      [`/Task?patient.identifier=${NHS_NUMBER.value}`]: ['t1', 't2'],
      '/Task?owner=casework': ['t2'],
      '/Task?owner:missing=true': ['t1'],
      '/Task?owner:missing=false': ['t2'],
      '/Task?part-of=t1': ['t2'],
      '/Task?requester=Organization/elm': ['t1', 't2'],
      '/ServiceRequest?code=http://snomed.info/sct%7C871731000000106': ['s1'],
      '/ServiceRequest?code=871731000000106': ['s1'],
      '/ServiceRequest?code=%7C871731000000106': [],
      '/ServiceRequest?identifier=urn:elm:request%7CR-s1': ['s1'],
    };
    for (const [query, found] of Object.entries(queries))
      expect([query, ids(await search(query))]).toEqual([query, found]);
  });

  it('reads a date as the whole time it names', async () => {
    const queries: Readonly<Record<string, readonly string[]>> = {
      '2026-11-21': ['t2'],
      'eq2026-11-20': ['t1'],
      'ge2026-11-21': ['t2'],
      'gt2026-11-20': ['t2'],
      'gt2026-11-21': [],
      'le2026-11-20': ['t1'],
      'lt2026-11-21': ['t1'],
      'le2026-11-21': ['t1', 't2'],
      '2026-11': ['t1', 't2'],
      ge2026: ['t1', 't2'],
      '2026-11-20T23:30:00Z': ['t1'],
      '2026-11-21T00:00:00%2B00:30': ['t1'],
      '2026-11-21T00:00:00+00:30': ['t1'],
    };
    for (const [date, found] of Object.entries(queries)) {
      expect([date, ids(await search(`/Task?_lastUpdated=${date}`))]).toEqual([date, found]);
    }
    expect(ids(await search('/Task?_lastUpdated=ge2026-11-20&_lastUpdated=lt2026-11-21'))).toEqual(['t1']);
  });

  it('brings what is included once, and only what the partner may see', async () => {
    const bundle = await search('/Task?_include=Task:focus&_include=Task:patient&_include=Task:owner');
    expect(ids(bundle, 'include').sort()).toEqual(['p1', 's1']);
    expect(bundle.total).toBe(2);
  });

  it('does not list what is found a second time as included', async () => {
    const bundle = await search('/Task?_include=Task:part-of');
    expect([ids(bundle), ids(bundle, 'include')]).toEqual([['t1', 't2'], []]);
  });

  it('counts as a look at what was shown', async () => {
    await search('/Task?status=accepted&_include=Task:focus');
    expect(endpoint.looks.map(({ shown }) => shown.map(({ id }) => id))).toEqual([['t2', 's1']]);
    await search('/Task?status=failed');
    await search('/Task?_summary=count');
    expect(endpoint.looks).toHaveLength(1);
  });

  it('counts only, or does not count, when asked to', async () => {
    expect(await search('/Task?_count=0')).toMatchObject({ total: 2 });
    expect(ids(await search('/Task?_summary=count'))).toEqual([]);
    expect((await search('/Task?_total=none')).total).toBeUndefined();
  });

  it('is posted as a form to keep a person’s number out of the address', async () => {
    const body = new URLSearchParams({ 'patient.identifier': NHS, _count: '1' }).toString();
    const first = await bundleOf(
      await endpoint.call('/Task/_search', { method: 'POST', body, headers: { 'content-type': FORM } }),
    );
    expect(ids(first)).toEqual(['t1']);
    const next = linkOf(first, 'next') ?? '';
    expect(decodeURIComponent(next)).not.toContain(NHS_NUMBER.value);
    expect(linkOf(first, 'self')).toBe(`${BASE}/Task?_count=1`);
    expect(ids(await search(next.slice(BASE.length)))).toEqual(['t2']);
    const json = await endpoint.call('/Task/_search', { method: 'POST', body: '{}' });
    expect(json.status).toBe(415);
  });

  it('never puts its parameters into the operational log', async () => {
    await search(`/Task?patient.identifier=${encodeURIComponent(NHS)}`);
    await endpoint.call(`/Task?_lastUpdated=${NHS_NUMBER.value}`);
    expect(endpoint.log()).toContain('fhir.answered');
    expect(endpoint.log()).not.toContain(NHS_NUMBER.value);
  });
});

describe('paging', () => {
  it('goes through everything once by its next links', async () => {
    for (let one = 10; one < 35; one += 1) {
      const at = `2026-11-22T00:00:${one}.000Z`;
      endpoint.record.add(task(`t${one}`, 'ServiceRequest/s1', 'Patient/p1'), { referral: 'r1', at });
    }
    const found: unknown[] = [];
    let here: string | undefined = `${BASE}/Task?status=requested&_count=7`;
    while (here !== undefined) {
      const page: Bundle<FhirResource> = await search(here.slice(BASE.length));
      expect(page.total).toBe(26);
      expect(linkOf(page, 'self')).toBe(here);
      found.push(...ids(page));
      here = linkOf(page, 'next');
    }
    expect(found).toHaveLength(26);
    expect(new Set(found).size).toBe(26);
  });

  it('gives no more on a page than is allowed', async () => {
    await search('/Task?_count=1000000');
    await search('/Task');
    expect(endpoint.record.queries.map(({ limit }) => limit)).toEqual([20, 10]);
  });

  it('does not open a link that is damaged, of another type or of another partner', async () => {
    const next = linkOf(await search('/Task?_count=1'), 'next') ?? '';
    const link = next.slice(next.indexOf('?'));
    const cases = [
      endpoint.call(`/Task${link.slice(0, -2)}`),
      endpoint.call('/Task?_page=x'),
      endpoint.call(`/ServiceRequest${link}`),
      endpoint.call(`/Task${link}`, { token: 'oak' }),
    ];
    for (const answer of await Promise.all(cases)) {
      expect([answer.status, (await outcomeIn(answer)).issue.length]).toEqual([400, 1]);
    }
  });
});

describe('what cannot be searched by', () => {
  it('is ignored and said, or refused when the caller is strict', async () => {
    const bundle = await search('/Task?status=requested&colour=aubergine&_include=Task:basedOn&status=');
    expect(ids(bundle)).toEqual(['t1']);
    const outcome = bundle.entry?.at(-1);
    expect(outcome?.search?.mode).toBe('outcome');
    expect(JSON.stringify(outcome)).toContain('colour');
    expect(JSON.stringify(outcome)).not.toContain('aubergine');
    expect(outcome?.resource).toMatchObject({ issue: [{}, {}, {}] });
    expect(linkOf(bundle, 'self')).toBe(`${BASE}/Task?status=requested`);
    const strict = await endpoint.call('/Task?colour=aubergine', { headers: { prefer: 'handling=strict' } });
    expect(strict.status).toBe(400);
  });

  it('is refused, all faults at once, when it is known and wrong', async () => {
    const wrong = [
      '_lastUpdated=yesterday',
      '_lastUpdated=2026-02-30',
      '_lastUpdated=2026-11-20,2026-11-21',
      'status:not=requested',
      'patient:Group=1',
      'patient=Patient/p1/x',
      'patient=https://elsewhere.example/fhir/Patient/p1',
      'identifier=urn:elm%7C',
      'code=a,b%7Cc',
      'owner:missing=perhaps',
      '_include:iterate=Task:focus',
      '_count=many',
      'focus.subject:x=1&_count=-1',
    ];
    for (const query of wrong) {
      const answer = await endpoint.call(`/Task?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
    const both = await outcomeIn(await endpoint.call(`/Task?${wrong.slice(0, 3).join('&')}`));
    expect(both.issue).toHaveLength(3);
    expect(endpoint.record.queries).toEqual([]);
  });

  it('is refused when it is too much', async () => {
    expect((await endpoint.call(`/Task?${'status=a&'.repeat(60)}`)).status).toBe(400);
    expect((await endpoint.call(`/Task?status=${'a,'.repeat(300)}b`)).status).toBe(400);
  });
});

describe('the table', () => {
  it('offers only parameters that resources are indexed under', () => {
    for (const { type, params } of RESOURCE_TABLE) {
      if (params.length === 0) continue;
      expect(isIndexed(type)).toBe(true);
      if (isIndexed(type))
        expect(searchParametersOf(type)).toEqual(expect.arrayContaining(params.map(({ name }) => name)));
    }
  });

  it('follows only elements that R4 has', () => {
    for (const { type, includes } of RESOURCE_TABLE) {
      for (const { element } of includes)
        expect([type, element, loadR4Model().element(type, element)?.type]).toContain('Reference');
    }
  });
});
