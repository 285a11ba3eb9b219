import { describe, expect, it } from '@jest/globals';
import type { Bundle, BundleEntry, FhirResource, Observation } from 'fhir/r4.js';
import { type GpRecord, newGpRecord } from '../../../../docker/simulators/gp-emis-style/record.ts';
import { isBundle } from '../../../../docker/simulators/gp-practice/fhir-client.ts';
import { buildWriteBack } from '../../../../src/core/loop/write-back/write-back.ts';
import { NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { dossier, happened, referral } from '../../core/loop/a-loop.ts';

const SYSTEM = 'https://example.org/Id/entry';

describe('a conditional create', () => {
  it('creates what no resource matches', () => {
    expect(statuses(newGpRecord({ match: 'off' }), transaction(create('one')))).toEqual(['201 Created']);
  });

  it('leaves the one that matches as it is, even when the new content differs', () => {
    const record = newGpRecord({ match: 'off' });
    statuses(record, transaction(create('one', 19)));
    expect(statuses(record, transaction(create('one', 26)))).toEqual(['200 OK']);
    expect(record.resources()).toMatchObject([{ valueInteger: 19 }]);
    expect([...record.versions().values()]).toEqual([1]);
  });

  it('is judged by the identifiers that resources have, not by the words of earlier requests', () => {
    const record = newGpRecord({ match: 'off' });
    statuses(record, transaction({ ...create('one'), request: { method: 'POST', url: 'Observation' } }));
    expect(statuses(record, transaction(create('one')))).toEqual(['200 OK']);
  });

  it('fails when several match, and nothing of its transaction is filed', () => {
    const record = newGpRecord({ match: 'off' });
    const plain = { ...create('one'), request: { method: 'POST', url: 'Observation' } } as const;
    statuses(record, transaction(plain, plain));
    expect(record.file(transaction(create('two'), create('one')))).toMatchObject({
      status: 412,
      expression: ['Bundle.entry[1].request'],
    });
    expect(record.resources()).toHaveLength(2);
  });

  it('fails on a search that the record cannot do, because ignoring it would match everything', () => {
    const entry = create('one');
    const odd = { ...entry, request: { method: 'POST', url: 'Observation', ifNoneExist: 'subject=1' } } as const;
    expect(newGpRecord({ match: 'off' }).file(transaction(odd))).toMatchObject({ status: 412 });
  });
});

describe('a conditional update', () => {
  it('creates, then updates, and makes no new version of the same content', () => {
    const record = newGpRecord({ match: 'off' });
    expect(statuses(record, transaction(update('one', 19)))).toEqual(['201 Created']);
    expect(statuses(record, transaction(update('one', 26)))).toEqual(['200 OK']);
    statuses(record, transaction(update('one', 26)));
    expect(record.resources()).toMatchObject([{ valueInteger: 26 }]);
    expect([...record.versions().values()]).toEqual([2]);
  });

  it('takes a PUT to an id that the client chose', () => {
    const record = newGpRecord({ match: 'off' });
    const entry = { ...update('one', 19), request: { method: 'PUT', url: 'Observation/chosen' } } as const;
    statuses(record, transaction(entry));
    expect([...record.versions().keys()]).toEqual(['Observation/chosen']);
  });
});

describe("Hearback's write-back in the record", () => {
  const event = happened('declined', 5, { actor: 'Sam Okoro', reason: { text: 'Does not want help now.' } });
  const bundle = asSent(buildWriteBack({ dossier: dossier(), referral, event }).bundle);

  it('stands in a consultation with the platform worker and the organisation as its author', () => {
    const record = newGpRecord({ match: 'off' });
    statuses(record, bundle);
    expect(record.patient(NHS_NUMBER).consultations).toMatchObject([
      {
        author: 'Sam Okoro, Riverside Casework',
        entries: [{ code: '871711000000103', term: 'Declined by the person' }],
      },
    ]);
  });

  it('changes nothing when it comes again', () => {
    const record = newGpRecord({ match: 'off' });
    statuses(record, bundle);
    const before = [...record.versions()];
    statuses(record, bundle);
    expect([...record.versions()]).toEqual(before);
  });

  it('points from the Provenance to what was filed', () => {
    const record = newGpRecord({ match: 'off' });
    statuses(record, bundle);
    const provenance = record.resources().find((one) => one.resourceType === 'Provenance');
    const targets = provenance?.resourceType === 'Provenance' ? provenance.target : [];
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(record.versions().has(target.reference ?? '')).toBe(true);
  });

  it('is nobody else’s', () => {
    const record = newGpRecord({ match: 'off' });
    statuses(record, bundle);
    expect(record.patient('9990000026').consultations).toEqual([]);
  });
});

function observation(id: string, value: number): Observation {
  return {
    resourceType: 'Observation',
    identifier: [{ system: SYSTEM, value: id }],
    status: 'final',
    code: { text: 'A score' },
    valueInteger: value,
  };
}

function create(id: string, value = 1): BundleEntry<FhirResource> {
  const request = { method: 'POST', url: 'Observation', ifNoneExist: `identifier=${SYSTEM}|${id}` } as const;
  return { resource: observation(id, value), request };
}

function update(id: string, value: number): BundleEntry<FhirResource> {
  return {
    resource: observation(id, value),
    request: { method: 'PUT', url: `Observation?identifier=${SYSTEM}|${id}` },
  };
}

function transaction(...entry: BundleEntry<FhirResource>[]): Bundle<FhirResource> {
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

/** What arrives at the other end of the wire. */
function asSent(bundle: unknown): Bundle<FhirResource> {
  const arrived: unknown = JSON.parse(JSON.stringify(bundle));
  if (!isBundle(arrived)) throw new Error('nothing was written');
  return arrived;
}

function statuses(record: GpRecord, bundle: Bundle<FhirResource>): (string | undefined)[] {
  const filed = record.file(bundle);
  if ('why' in filed) throw new Error(filed.why);
  return (filed.response.entry ?? []).map((entry) => entry.response?.status);
}
