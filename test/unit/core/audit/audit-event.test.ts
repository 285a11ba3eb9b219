import { describe, expect, it } from '@jest/globals';
import type { Coding } from 'fhir/r4.js';
import { Fhir } from 'fhir-lantana';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { ENTITY, EVENT, OBJECT, ROLE, SERVER, SUB } from '../../../../src/core/audit/audit-codes.ts';
import { auditEventOf, auditId, seqOfId } from '../../../../src/core/audit/audit-event.ts';
import { auditProvenanceOf } from '../../../../src/core/audit/audit-provenance.ts';
import type { LogEntry } from '../../../../src/core/audit/log-entry.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { brokenBalpRules } from '../../../fixtures/audit/balp-rules.ts';
import { asTold, entryOfEvent } from '../../../fixtures/audit/entry-of-event.ts';
import { displayIn } from '../../../fixtures/audit/published-codes.ts';

const model = loadR4Model();
const lantana = new Fhir();
const DIGEST = 'a'.repeat(64);

const entry = (kind: string, more: Partial<LogEntry> = {}): LogEntry => ({
  ...{ seq: 17, at: '2026-11-26T09:00:00.000Z', kind, actor: 'hearback', referral: 'r-1', message: 'm-1', detail: {} },
  ...more,
});

const stamp = { mapping: 'casework/referral', mappingVersion: 3, mappingDigest: DIGEST };
const ENTRIES: readonly LogEntry[] = [
  entry('message.received', { actor: 'elm', detail: { channel: 'fhir', digest: DIGEST, bytes: 7, answerStatus: 201 } }),
  entry('message.refused', { actor: 'elm', detail: { channel: 'mllp', rules: 'fhir/cardinality' } }),
  entry('message.conflict', { actor: 'casework', detail: { channel: 'webhook', sent: DIGEST } }),
  entry('message.made', { detail: { partner: 'casework', digest: DIGEST, cause: 'm-0', ...stamp } }),
  entry('message.answered', { actor: 'casework', detail: { channel: 'amqp', status: 202 } }),
  entry('leg.acknowledged', { detail: { leg: 'l', partner: 'casework', level: 'delivered' } }),
  entry('leg.failed', { detail: { leg: 'l', partner: 'casework', kind: 'transient' } }),
  entry('leg.failed', { detail: { leg: 'l', partner: 'casework', kind: 'permanent' } }),
  entry('event.recorded', { actor: 'casework', detail: { event: 'e', kind: 'accepted', closed: true, ...stamp } }),
  entry('code.translated', {
    detail: { element: 'ServiceRequest.code', map: 'https://x.example/map', mapVersion: '2' },
  }),
  entry('hold.opened', { detail: { hold: 'h', place: '' } }),
  entry('hold.resolved', { actor: 'user:ana', detail: { reason: 'Rang them.' } }),
  entry('loop.read', { actor: 'user:ana', detail: { command: 'loop' } }),
  entry('log.searched', { actor: 'auditor:bo', detail: { criteria: 'patient', found: 3 } }),
  entry('user.signed-in', { actor: 'user:ana', detail: { how: 'password' } }),
  entry('account.added', { actor: 'user:ana', detail: { user: 'bo' } }),
  entry('configuration.loaded', { detail: { digest: DIGEST } }),
  entry('log.pruned', { detail: { what: 'bodies', rows: 3, total: 9, through: 7 } }),
  entry('log.key-rotated', { actor: 'user:ana', detail: { from: 'a+1+AQ==', to: 'b+2+AQ==' } }),
  entry('something.new', { actor: 'user:ana' }),
];
const READ: LogEntry = {
  ...{ seq: 18, at: '2026-11-26T09:00:00.000Z', kind: 'resource.read', actor: 'elm', referral: 'r-1' },
  detail: { resource: 'Task/t-1', version: 2 },
};

describe('an entry of the log as an AuditEvent', () => {
  it.each([...ENTRIES, READ].map((one) => [`${one.kind} by ${one.actor}`, one] as const))(
    'is valid R4 and tells the whole entry: %s',
    (_, one) => {
      for (const event of [auditEventOf(one), auditEventOf(one, 'p-1')]) {
        expect(checkStructure(event, model)).toEqual([]);
        expect(lantana.validate(event).messages.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(entryOfEvent(event)).toEqual(asTold(one));
      }
    },
  );

  it('tells on whose behalf: the patient, where one is known', () => {
    const [of] = auditEventOf(READ, 'p-1').entity ?? [];
    expect(of).toMatchObject({ what: { reference: 'Patient/p-1' }, role: { code: '1' } });
    expect(JSON.stringify(auditEventOf(READ))).not.toContain('Patient/');
  });

  it.each([
    ['message.received', 'PrivacyDisclosure.Recipient'],
    ['leg.acknowledged', 'PrivacyDisclosure.Source'],
    ['resource.read', 'PatientRead'],
  ])('names the audit pattern that it keeps to, and keeps to it: %s', (kind, profile) => {
    const found = [...ENTRIES, READ].find((one) => one.kind === kind);
    const event = auditEventOf(found ?? READ, 'p-1');
    expect(event.meta?.profile).toEqual([
      `https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.${profile}`,
    ]);
    expect(brokenBalpRules(event)).toEqual([]);
    // The rules find what is broken.
    expect(brokenBalpRules({ ...event, action: 'D', entity: [] })).not.toEqual([]);
  });

  it('names no pattern where it has no patient, or failed', () => {
    for (const one of ENTRIES) expect(auditEventOf(one).meta?.profile).toBeUndefined();
    expect(auditEventOf(entry('leg.failed', { detail: { kind: 'transient' } }), 'p-1').meta?.profile).toBeUndefined();
  });

  it('says how grave a failure is', () => {
    const outcomes = ENTRIES.map((one) => [one.kind, auditEventOf(one).outcome]);
    expect(outcomes).toContainEqual(['message.refused', '4']);
    expect(outcomes).toContainEqual(['leg.failed', '4']);
    expect(outcomes).toContainEqual(['leg.failed', '8']);
    expect(outcomes).toContainEqual(['message.received', '0']);
  });

  it('has an id that leads back to the entry', () => {
    expect(seqOfId(auditId(17))).toBe(17);
    for (const id of ['17', 'entry-', 'entry-x', 'entry-1.5']) expect(seqOfId(id)).toBeUndefined();
  });
});

describe('an entry of the log as Provenance', () => {
  it('is there for what was made, extracted or translated, with message and mapping', () => {
    const made = ENTRIES.flatMap((one) => auditProvenanceOf(one) ?? []);
    expect(made).toHaveLength(3);
    for (const one of made) {
      expect(checkStructure(one, model)).toEqual([]);
      expect(lantana.validate(one).messages.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    expect(made[0]).toMatchObject({
      id: 'entry-17',
      target: [{ identifier: { value: 'urn:uuid:m-1' } }],
      policy: [`https://hearback.example/fhir/Id/mapping/casework/referral|3#sha256:${DIGEST}`],
      entity: [{ role: 'source', what: { identifier: { value: 'urn:uuid:m-0' } } }, { role: 'source' }],
    });
    expect(made[1]?.agent.map(({ who }) => who.identifier?.value)).toEqual(['casework', 'hearback']);
    expect(made[2]?.policy).toEqual(['https://x.example/map|2']);
  });
});

describe('the codes of audit resources', () => {
  const sets: readonly (readonly [string, readonly Coding[]])[] = [
    ['audit-event-type', Object.values(EVENT)],
    ['audit-entity-type', Object.values(ENTITY)],
    ['object-role', Object.values(OBJECT)],
    ['audit-source-type', [SERVER]],
    ['audit-event-sub-type', Object.values(SUB).filter(({ system }) => !system?.includes('iso-21089'))],
    ['participation-role-type', Object.values(ROLE)],
  ];

  it.each(sets)('stand in FHIR R4’s value set %s, with these displays', (set, codings) => {
    for (const { system = '', code = '', display } of codings) {
      const published = displayIn(set, system, code);
      expect({ code, published: published !== undefined }).toEqual({ code, published: true });
      if (published !== '') expect({ code, display }).toEqual({ code, display: published });
    }
  });
});
