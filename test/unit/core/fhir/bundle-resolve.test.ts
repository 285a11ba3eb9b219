import { describe, expect, it } from '@jest/globals';
import type { Bundle, BundleEntry, FhirResource, Patient, Reference } from 'fhir/r4.js';
import { membersOf } from '../../../../src/core/fhir/bundle-members.ts';
import { type Known, weave } from '../../../../src/core/fhir/bundle-resolve.ts';

const nobody: Known = () => undefined;
const PATIENT: FhirResource = { resourceType: 'Patient', id: '1', identifier: [{ system: 's', value: 'p1' }] };

function observing(subject: Reference, more: Partial<BundleEntry<FhirResource>> = {}): BundleEntry<FhirResource> {
  return { resource: { resourceType: 'Observation', status: 'final', code: {}, subject }, ...more };
}

/** Where the Observation's subject leads: the place of a member, or the kind of resolution. */
function lead(entries: BundleEntry<FhirResource>[], known: Known = nobody): string {
  const bundle: Bundle<FhirResource> = { resourceType: 'Bundle', type: 'transaction', entry: entries };
  const web = weave(membersOf(bundle), known);
  const from = web.members.find(({ resource }) => resource.resourceType === 'Observation');
  if (from?.resource.resourceType !== 'Observation' || from.resource.subject === undefined)
    throw new Error('no Observation');
  const target = web.target(from.resource.subject, from);
  return target.kind === 'member' ? `${target.member.origin} ${target.member.at}` : target.kind;
}

describe('a reference inside a Bundle', () => {
  it('by urn:uuid or url leads to the entry with that fullUrl', () => {
    for (const url of ['urn:uuid:0b', 'https://gp.example/fhir/Patient/1']) {
      expect(lead([observing({ reference: url }), { fullUrl: url, resource: PATIENT }])).toBe(
        'entry Bundle.entry[1].resource',
      );
    }
  });

  it('that is relative leads to the entry on the same server as the one it stands in', () => {
    const here = { fullUrl: 'https://a.example/fhir/Patient/1', resource: PATIENT };
    const there = { fullUrl: 'https://b.example/fhir/Patient/1', resource: PATIENT };
    const from = observing({ reference: 'Patient/1' }, { fullUrl: 'https://b.example/fhir/Observation/9' });
    expect(lead([here, there, from])).toBe('entry Bundle.entry[1].resource');
    expect(lead([here, from])).toBe('dangling');
  });

  it('that is relative in an entry without a server leads to the only one of that type and id', () => {
    const from = observing({ reference: 'Patient/1' }, { fullUrl: 'urn:uuid:0c' });
    expect(lead([from, { fullUrl: 'https://a.example/fhir/Patient/1', resource: PATIENT }])).toBe(
      'entry Bundle.entry[1].resource',
    );
    expect(lead([from, { fullUrl: 'urn:uuid:0d', resource: PATIENT }])).toBe('entry Bundle.entry[1].resource');
    expect(lead([from, { resource: PATIENT }, { resource: PATIENT }])).toBe('dangling');
  });

  it('ignores the version', () => {
    expect(lead([observing({ reference: 'Patient/1/_history/4' }), { resource: PATIENT }])).toBe(
      'entry Bundle.entry[1].resource',
    );
  });

  it('by identifier leads to the one resource of that type that carries it, else stays logical', () => {
    const identifier = { system: 's', value: 'p1' };
    const same: FhirResource = { resourceType: 'RelatedPerson', patient: {}, identifier: [identifier] };
    expect(lead([observing({ identifier }), { resource: PATIENT }])).toBe('entry Bundle.entry[1].resource');
    expect(lead([observing({ identifier, type: 'Patient' }), { resource: PATIENT }, { resource: same }])).toBe(
      'entry Bundle.entry[1].resource',
    );
    expect(lead([observing({ identifier }), { resource: PATIENT }, { resource: same }])).toBe('logical');
    expect(lead([observing({ identifier: { value: 'x' } }), { resource: PATIENT }])).toBe('logical');
  });

  it('that is conditional on an identifier leads there too', () => {
    expect(lead([observing({ reference: 'Patient?identifier=s|p1' }), { resource: PATIENT }])).toBe(
      'entry Bundle.entry[1].resource',
    );
    expect(lead([observing({ reference: 'Patient?identifier=s|other' }), { resource: PATIENT }])).toBe('dangling');
  });

  it('that leads nowhere falls back on its identifier', () => {
    const reference = { reference: 'Patient/404', identifier: { system: 's', value: 'p1' } };
    expect(lead([observing(reference), { resource: PATIENT }])).toBe('entry Bundle.entry[1].resource');
  });

  it('to a fullUrl that two entries share has no meaning', () => {
    const twice = { fullUrl: 'urn:uuid:0e', resource: PATIENT };
    expect(lead([observing({ reference: 'urn:uuid:0e' }), twice, twice])).toBe('dangling');
  });

  it('to a contained resource leads to the one in the same container', () => {
    const subject = { resourceType: 'Patient', id: 'p' } as const;
    const from: FhirResource = {
      resourceType: 'Observation',
      status: 'final',
      code: {},
      subject: { reference: '#p' },
      contained: [subject],
    };
    const other: Patient = { ...subject, gender: 'male' };
    const decoy: FhirResource = { resourceType: 'Condition', subject: {}, contained: [other] };
    expect(lead([{ resource: decoy }, { resource: from }])).toBe('contained Bundle.entry[1].resource.contained[0]');
  });
});

describe('a reference out of a Bundle', () => {
  const stored: Record<string, FhirResource> = {
    'Patient/ours': { resourceType: 'Patient', id: 'ours', managingOrganization: { reference: 'Organization/o' } },
    'Organization/o': { resourceType: 'Organization', id: 'o' },
    'ServiceRequest/r': { resourceType: 'ServiceRequest', id: 'r', status: 'active', intent: 'order', subject: {} },
  };
  const known: Known = (name) => stored[name];

  it('leads to a stored resource of the sender, which brings those it refers to', () => {
    const bundle: Bundle<FhirResource> = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [observing({ reference: 'Patient/ours' })],
    };
    const web = weave(membersOf(bundle), known);
    expect(web.members.map(({ resource }) => resource.resourceType)).toEqual([
      'Observation',
      'Patient',
      'Organization',
    ]);
    expect(lead([observing({ reference: 'Patient/ours' })], known)).toBe('stored Patient');
  });

  it('by our absolute url is the same', () => {
    expect(lead([observing({ reference: 'https://hearback.example/fhir/Patient/ours' })], known)).toBe(
      'stored Patient',
    );
  });

  it('to another referral points there without copying it', () => {
    expect(lead([observing({ reference: 'ServiceRequest/r' })], known)).toBe('elsewhere');
  });

  it('to what nobody knows dangles', () => {
    expect(lead([observing({ reference: 'Patient/unknown' })], known)).toBe('dangling');
  });

  it('never asks for the stored when the content has its own', () => {
    const asked: string[] = [];
    const from = observing({ reference: 'Patient/1' });
    lead([from, { resource: PATIENT }], (name) => {
      asked.push(name);
      return undefined;
    });
    expect(asked).toEqual([]);
  });
});
