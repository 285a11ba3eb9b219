import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { referralBundle, serviceRequest } from './referral-content.ts';

/** A FHIR client that others wrote: what it takes for granted must hold. */
describe('a FHIR client from elsewhere', () => {
  let endpoint: Endpoint;
  let client: Client;
  beforeAll(async () => {
    endpoint = await startEndpoint();
    client = new Client({ baseUrl: endpoint.url, bearerToken: 'elm' });
  });
  afterAll(() => endpoint.stop());

  it('reads the CapabilityStatement', async () => {
    expect(await client.capabilityStatement()).toMatchObject({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
    });
  });

  it('sends a transaction, and reads and finds what came of it', async () => {
    const answer = await client.transaction({ body: { ...referralBundle(), resourceType: 'Bundle' } });
    expect(answer).toMatchObject({ type: 'transaction-response', entry: [{}, {}, {}] });
    const found = await client.search({
      resourceType: 'Task',
      searchParams: { status: 'requested', _include: 'Task:focus' },
    });
    expect(found).toMatchObject({ resourceType: 'Bundle', total: 1, entry: [{ search: { mode: 'match' } }] });
    expect(await client.read({ resourceType: 'Task', id: 'made-1-2' })).toMatchObject({ id: 'made-1-2' });
  });

  it('creates, and finds by a posted form', async () => {
    const body = { ...serviceRequest('x', 'Patient/p') };
    const made = await client.create({ resourceType: 'ServiceRequest', body });
    expect(made).toMatchObject({ resourceType: 'ServiceRequest', status: 'active' });
    const found = await client.search({
      resourceType: 'ServiceRequest',
      searchParams: { identifier: 'urn:elm:request|R-x' },
      options: { postSearch: true },
    });
    expect(found).toMatchObject({ total: 1 });
  });

  it('updates a Task from its version', async () => {
    const task = await client.read({ resourceType: 'Task', id: 'made-1-2' });
    const body = { ...task, resourceType: 'Task', status: 'cancelled' };
    const options = { headers: { 'if-match': 'W/"1"' } };
    expect(await client.update({ resourceType: 'Task', id: 'made-1-2', body, options })).toMatchObject({
      status: 'cancelled',
    });
  });

  it('is told what is wrong as an OperationOutcome', async () => {
    const refused = client.read({ resourceType: 'Task', id: 'nobody' });
    await expect(refused).rejects.toMatchObject({
      response: { status: 404, data: { resourceType: 'OperationOutcome' } },
    });
  });
});
