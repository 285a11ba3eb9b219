import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FhirResource, Task } from 'fhir/r4.js';
import { Client } from 'fhir-kit-client';
import { NHS_NUMBER, soleServiceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { GP_TOKEN } from '../fixtures/town/town-config.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
let client: Client;
beforeAll(async () => {
  town = await startTown({ writable: false });
  client = new Client({ baseUrl: `${town.url}/fhir`, bearerToken: GP_TOKEN });
});
afterAll(() => town.stop());

/** What the client types as any resource, for looking into. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
const asAny = (value: unknown): any => value;

describe('a FHIR client that others wrote, against the running engine', () => {
  it('refers by a transaction, and by creating a ServiceRequest', async () => {
    const body = { ...transactionReferral(), resourceType: 'Bundle' as const };
    expect(await client.transaction({ body })).toMatchObject({ resourceType: 'Bundle', type: 'transaction-response' });
    const { id: _, identifier: __, ...other } = soleServiceRequest();
    const made = await client.create({ resourceType: 'ServiceRequest', body: { ...other } });
    expect(made).toMatchObject({ resourceType: 'ServiceRequest', status: 'active' });
    expect(await client.read({ resourceType: 'ServiceRequest', id: asAny(made).id })).toEqual(made);
  });

  it('finds its Tasks by a posted NHS number, with the request in focus', async () => {
    const found = asAny(
      await client.search({
        resourceType: 'Task',
        searchParams: {
          'patient.identifier': `https://fhir.nhs.uk/Id/nhs-number|${NHS_NUMBER}`,
          _include: 'Task:focus',
        },
        options: { postSearch: true },
      }),
    );
    const resources = (mode: string) =>
      found.entry
        .filter((entry: { search: { mode: string } }) => entry.search.mode === mode)
        .map((entry: { resource: FhirResource }) => entry.resource);
    // Each referral has its own Task and one for the platform's part.
    expect(resources('match').filter((task: Task) => task.partOf === undefined)).toHaveLength(2);
    expect(resources('include').map(({ resourceType }: FhirResource) => resourceType)).toEqual(
      Array(2).fill('ServiceRequest'),
    );
  });

  it('turns the pages until it has seen every Task once', async () => {
    for (const number of [11, 12, 13]) {
      await client.transaction({ body: { ...referralOf({ number }), resourceType: 'Bundle' as const } });
    }
    // The engine is done with them all: a Task that changes or comes while the pages are turned may stand on two of them.
    await until('all are delivered', async () => (await town.store.counts())['leg.acknowledged'] === 5);
    const seen: string[] = [];
    let page = asAny(await client.search({ resourceType: 'Task', searchParams: { status: 'requested', _count: '2' } }));
    while (page !== undefined) {
      seen.push(...(page.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id));
      page = asAny(await client.nextPage({ bundle: page }));
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(5);
  });

  it('reads how it ended, with the outcome', async () => {
    const one = town.casework.cases()[0];
    await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
    const stored = await town.store.referral(one?.reference ?? '');
    const task = stored?.parentTask ?? '';
    const search = { resourceType: 'Observation', searchParams: { 'patient.identifier': NHS_NUMBER } };
    let outcome = asAny(await client.search(search));
    while (outcome.total === 0) outcome = asAny(await client.search(search));

    expect(outcome.entry[0].resource).toMatchObject({ valueInteger: 26, code: { coding: [{ code: '718466001' }] } });
    expect(await client.read({ resourceType: 'Task', id: task })).toMatchObject({ status: 'completed' });
    await untilClosed(town, task);
  });

  it('is told what is wrong as an OperationOutcome', async () => {
    const refused = client.create({ resourceType: 'Task', body: { resourceType: 'Task', status: 'draft' } });
    await expect(refused).rejects.toMatchObject({
      response: { status: 400, data: { resourceType: 'OperationOutcome', issue: expect.any(Array) } },
    });
  });
});
