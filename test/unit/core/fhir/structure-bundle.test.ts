import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { altered, message, patient, serviceRequest, transaction } from './synthetic-resources.ts';

const model = loadR4Model();
const found = (resource: unknown) =>
  checkStructure(resource, model).map(({ rule, place }) => `${rule} at ${place.expression}`);
const bundle = (type: string, ...entry: unknown[]) => ({ resourceType: 'Bundle', type, entry });
const resource = patient;

describe('checkBundle', () => {
  it('wants a MessageHeader first in a message, and a Composition first in a document', () => {
    expect(found(altered(message, { entry: message.entry?.slice(1) }))).toEqual(['fhir/bdl-12 at Bundle.entry[0]']);
    expect(found({ resourceType: 'Bundle', type: 'message' })).toEqual(['fhir/bdl-12 at Bundle']);
    expect(found(bundle('document', { resource }))).toEqual([
      'fhir/bdl-11 at Bundle.entry[0]',
      'fhir/bdl-9 at Bundle',
      'fhir/bdl-10 at Bundle',
    ]);
  });

  it('wants a request in every entry of a transaction or batch, and in no other', () => {
    const request = { method: 'POST', url: 'Patient' };
    expect(found(bundle('transaction', { resource, request }))).toEqual([]);
    expect(found(bundle('transaction', { resource }))).toEqual(['fhir/bdl-3 at Bundle.entry[0]']);
    expect(found(bundle('batch', { resource }))).toEqual(['fhir/bdl-3 at Bundle.entry[0]']);
    expect(found(bundle('collection', { resource, request }))).toEqual(['fhir/bdl-3 at Bundle.entry[0].request']);
  });

  it('wants method and url in a request, and a resource to create or update', () => {
    expect(found(bundle('transaction', { resource, request: { method: 'post' } }))).toEqual([
      'fhir/required-binding at Bundle.entry[0].request.method',
      'fhir/required at Bundle.entry[0].request',
    ]);
    expect(found(bundle('transaction', { request: { method: 'PUT', url: 'Patient/1' } }))).toEqual([
      'fhir/bundle-entry-resource at Bundle.entry[0]',
    ]);
    expect(found(bundle('transaction', { request: { method: 'DELETE', url: 'Patient/1' } }))).toEqual([]);
  });

  it('wants a response in answers only', () => {
    const response = { status: '201' };
    expect(found(bundle('transaction-response', { response }))).toEqual([]);
    expect(found(bundle('transaction-response', { resource }))).toEqual(['fhir/bdl-4 at Bundle.entry[0]']);
    expect(found(bundle('collection', { resource, response }))).toEqual(['fhir/bdl-4 at Bundle.entry[0].response']);
  });

  it('takes search details and totals in search results only', () => {
    const search = { mode: 'match', score: 0.5 };
    expect(found({ ...bundle('searchset', { resource, search }), total: 1 })).toEqual([]);
    expect(found({ ...bundle('collection', { resource, search }), total: 1 })).toEqual([
      'fhir/bdl-1 at Bundle.total',
      'fhir/bdl-2 at Bundle.entry[0].search',
    ]);
  });

  it('wants each fullUrl once, except in a history and for two versions', () => {
    const fullUrl = 'https://example.org/Patient/p1';
    expect(found(bundle('collection', { fullUrl, resource }, { fullUrl, resource }))).toEqual([
      'fhir/bdl-7 at Bundle.entry[1].fullUrl',
    ]);
    const versions = ['1', '2'].map((versionId) => ({ fullUrl, resource: altered(patient, { meta: { versionId } }) }));
    expect(found(bundle('collection', ...versions))).toEqual([]);
    expect(found(bundle('collection', { fullUrl: `${fullUrl}/_history/1`, resource }))).toEqual([
      'fhir/bdl-8 at Bundle.entry[0].fullUrl',
    ]);
  });

  it('refuses an entry that holds nothing', () => {
    expect(found(bundle('collection', { fullUrl: 'urn:uuid:1' }))).toEqual(['fhir/bdl-5 at Bundle.entry[0]']);
    expect(found(bundle('collection', {}, null, 'x'))).toEqual([
      'fhir/empty at Bundle.entry[0]',
      'fhir/structure at Bundle.entry[1]',
      'fhir/structure at Bundle.entry[2]',
      'fhir/bdl-5 at Bundle.entry[0]',
    ]);
  });

  it('checks the resources inside, and Bundles inside Bundles', () => {
    const inner = altered(transaction, { entry: [{ resource: altered(serviceRequest, { intent: 'x' }) }] });
    expect(found(bundle('collection', { resource: inner }))).toEqual([
      'fhir/required-binding at Bundle.entry[0].resource.entry[0].resource.intent',
      'fhir/bdl-3 at Bundle.entry[0].resource.entry[0]',
    ]);
  });
});
