import { describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, Patient, ServiceRequest } from 'fhir/r4.js';
import { readReferral } from '../../../../src/core/fhir/read-referral.ts';
import type { ReadingGiven } from '../../../../src/core/fhir/read-result.ts';
import { REFERRAL_RULES, type ReferralRule } from '../../../../src/core/fhir/referral-rules-table.ts';
import type { ServiceMembership } from '../../../../src/core/fhir/requested-service.ts';
import * as sent from '../../../fixtures/fhir/referral-bundle.ts';

interface Circumstances {
  readonly check?: 'refuse' | 'warn';
  readonly codes?: ServiceMembership;
  readonly referrer?: ReadingGiven['referrer'];
}

/** `severity rule element`, with the entry left out of the place. */
function judged(
  content: Bundle<FhirResource>,
  { check = 'refuse', codes = () => 'yes', referrer }: Circumstances = {},
): string[] {
  let count = 0;
  const given: ReadingGiven = {
    now: sent.NOW,
    newId: () => `id-${++count}`,
    referralId: 'referral-1',
    policy: { nhsNumberCheck: check, serviceCodes: codes },
    known: () => undefined,
    ...(referrer && { referrer }),
  };
  const { findings } = readReferral(content, { kind: 'fhir-transaction' }, given);
  return findings.map(({ severity, rule, place }) =>
    `${severity} ${rule} ${(place.expression ?? '').replace(/^Bundle\.entry\[\d+\]\.resource\.?/, '')}`.trim(),
  );
}

const withPatient = (changes: Partial<Patient>): Bundle<FhirResource> =>
  sent.transactionReferral({ patient: sent.patient(changes) });
const withRequest = (changes: Partial<ServiceRequest>): Bundle<FhirResource> =>
  sent.transactionReferral({ request: sent.serviceRequest(changes) });
const numbered = (...values: string[]): Bundle<FhirResource> =>
  withPatient({ identifier: values.map((value) => ({ system: 'https://fhir.nhs.uk/Id/nhs-number', value })) });

describe('the NHS number of a referral', () => {
  it('is refused or warned about by policy when its check digit is wrong', () => {
    expect(judged(numbered('9990000019'))).toEqual(['error referral/nhs-number-check-digit identifier[0].value']);
    expect(judged(numbered('9990000019'), { check: 'warn' })).toEqual([
      'warning referral/nhs-number-check-digit identifier[0].value',
    ]);
  });

  it('is refused with spaces whatever the policy', () => {
    expect(judged(numbered('999 000 0018'), { check: 'warn' })).toEqual([
      'error referral/nhs-number-format identifier[0].value',
    ]);
  });

  it('is checked also when its system is written with /id/', () => {
    const bundle = withPatient({ identifier: [{ system: 'https://fhir.nhs.uk/id/nhs-number', value: '1' }] });
    expect(judged(bundle)).toEqual(['error referral/nhs-number-format identifier[0].value']);
  });

  it('may be absent: a warning, and only a note when it is said why', () => {
    expect(judged(withPatient({ identifier: [] }))).toEqual(['warning referral/nhs-number-absent identifier']);
    const why = {
      url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason',
      valueCode: 'x',
    };
    expect(
      judged(withPatient({ identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', extension: [why] }] })),
    ).toEqual(['information referral/nhs-number-unavailable identifier']);
  });

  it('is one number; an old one beside it counts for nothing', () => {
    expect(judged(numbered(sent.NHS_NUMBER, sent.OTHER_NHS_NUMBER))).toEqual([
      'error referral/nhs-number-conflict identifier',
    ]);
    expect(judged(numbered(sent.NHS_NUMBER, sent.NHS_NUMBER))).toEqual([]);
    const system = 'https://fhir.nhs.uk/Id/nhs-number';
    expect(
      judged(
        withPatient({
          identifier: [
            { system, value: sent.NHS_NUMBER },
            { system, value: '123', use: 'old' },
          ],
        }),
      ),
    ).toEqual([]);
  });
});

describe('the patient of a referral', () => {
  it.each(['1895-12-31', '2026-12-01', '2200'])('cannot be born on %s', (birthDate) => {
    expect(judged(withPatient({ birthDate }))).toEqual(['error referral/birth-date birthDate']);
  });

  it.each(['1896-01-01', '1951', '1951-03', '2026-11-18'])('may be born on %s', (birthDate) => {
    expect(judged(withPatient({ birthDate }))).toEqual([]);
  });

  it('is warned about without name or birth date, or deceased', () => {
    const { name: _, birthDate: __, ...bare } = sent.patient({ deceasedBoolean: true });
    expect(judged(sent.transactionReferral({ patient: bare }))).toEqual([
      'warning referral/birth-date-absent birthDate',
      'warning referral/patient-name name',
      'warning referral/deceased deceased',
    ]);
  });

  it('must be there', () => {
    const bundle = sent.transactionReferral();
    bundle.entry?.splice(1, 1);
    expect(judged(bundle)).toContain('error referral/patient subject');
  });

  it('is only one', () => {
    const bundle = sent.transactionReferral();
    bundle.entry?.push(sent.postEntry('urn:uuid:other', sent.patient()));
    expect(judged(bundle)).toEqual(['error referral/one-patient', 'error referral/one-patient']);
  });

  it.each([
    { reference: 'Patient/somebody-else' },
    { reference: 'Group/1' },
    { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: sent.OTHER_NHS_NUMBER } },
  ])('is who every resource speaks of (%#)', (subject) => {
    const bundle = sent.transactionReferral();
    bundle.entry?.push(
      sent.postEntry('urn:uuid:o', { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject }),
    );
    expect(judged(bundle)).toContain('error referral/same-patient subject');
  });

  it('is not meant by a subject of another kind', () => {
    const bundle = sent.transactionReferral();
    const subject = { reference: sent.URNS.practice, type: 'Organization' };
    bundle.entry?.push(sent.postEntry('urn:uuid:o', { resourceType: 'Communication', status: 'completed', subject }));
    expect(judged(bundle)).toEqual([]);
  });
});

describe('the request of a referral', () => {
  it.each(['draft', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown'] as const)(
    'does not begin as %s',
    (status) => {
      expect(judged(withRequest({ status }))).toEqual(['error referral/status status']);
    },
  );

  it.each(['proposal', 'reflex-order', 'filler-order', 'instance-order', 'option'] as const)(
    'does not ask with intent %s',
    (intent) => {
      expect(judged(withRequest({ intent }))).toEqual(['error referral/intent intent']);
    },
  );

  it.each(['plan', 'order', 'original-order', 'directive'] as const)('asks with intent %s', (intent) => {
    expect(judged(withRequest({ intent }))).toEqual([]);
  });

  it('does not ask that something is not done', () => {
    expect(judged(withRequest({ doNotPerform: true }))).toEqual(['error referral/do-not-perform doNotPerform']);
  });

  it('names a requested service', () => {
    const { code: _, ...uncoded } = sent.serviceRequest();
    expect(judged(sent.transactionReferral({ request: uncoded }))).toEqual(['error referral/requested-service code']);
    expect(judged(withRequest({ code: { text: 'social prescribing' } }))).toEqual([
      'error referral/requested-service code',
    ]);
  });

  it('names one of the bound services; not knowing is no refusal', () => {
    expect(judged(sent.transactionReferral(), { codes: () => 'no' })).toEqual([
      'error referral/requested-service-code code',
    ]);
    expect(judged(sent.transactionReferral(), { codes: () => 'unknown' })).toEqual([
      'warning referral/requested-service-unknown code',
    ]);
    const both = withRequest({
      code: {
        coding: [
          { system: 'https://local.example', code: 'SP' },
          { system: sent.SNOMED, code: sent.SOCIAL_PRESCRIBING },
        ],
      },
    });
    expect(judged(both, { codes: (system) => (system === sent.SNOMED ? 'yes' : 'no') })).toEqual([]);
  });

  it('has a referrer: named, by identifier, by name, or the sender', () => {
    const { requester: _, ...request } = sent.serviceRequest();
    const { requester: __, ...task } = sent.coordinationTask();
    expect(judged(sent.transactionReferral({ request }))).toEqual([]);
    expect(judged(sent.transactionReferral({ request, task }))).toEqual(['error referral/requester requester']);
    expect(
      judged(sent.transactionReferral({ request, task }), { referrer: { display: 'Invented Lane Surgery' } }),
    ).toEqual(['information referral/requester-assumed requester']);
    expect(judged(withRequest({ requester: { display: 'Dr R Okonedo-Hale' } }))).toEqual([]);
    const notWho = { ...request, requester: { reference: sent.URNS.consent } };
    expect(judged(sent.transactionReferral({ request: notWho, task }))).toEqual(['error referral/requester requester']);
  });

  it('is not written in the future, five minutes of clock difference aside', () => {
    expect(judged(withRequest({ authoredOn: '2026-11-18T09:36:01Z' }))).toContain('error referral/future authoredOn');
    expect(judged(withRequest({ authoredOn: '2026-11-18T10:36:00+01:00' }))).not.toContain(
      'error referral/future authoredOn',
    );
    expect(judged(withRequest({ authoredOn: '2026-11-18' }))).toEqual([]);
    expect(judged(withRequest({ authoredOn: '2026-11-20' }))).toContain('error referral/future authoredOn');
  });

  it('comes before its Task, as far as dates can tell', () => {
    const tasked = (authoredOn: string): string[] =>
      judged(sent.transactionReferral({ task: sent.coordinationTask({ authoredOn }) }));
    expect(tasked('2026-11-18T09:29:59Z')).toEqual(['warning referral/time-order authoredOn']);
    expect(tasked('2026-11-18')).toEqual([]);
    expect(tasked('2026-10')).toEqual(['warning referral/time-order authoredOn']);
  });

  it('is coordinated by a Task that begins as requested', () => {
    expect(judged(sent.transactionReferral({ task: sent.coordinationTask({ status: 'draft' }) }))).toEqual([
      'error referral/task-status status',
    ]);
  });

  it('is warned about when several Tasks name the service', () => {
    const { code: _, ...uncoded } = sent.serviceRequest({ basedOn: [{ reference: 'urn:uuid:plan' }] });
    const bundle = sent.transactionReferral({ request: uncoded });
    const service: FhirResource = {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: { coding: [{ system: sent.SNOMED, code: sent.SOCIAL_PRESCRIBING }] },
    };
    const activity = [{ reference: { reference: 'urn:uuid:t1' } }, { reference: { reference: 'urn:uuid:t2' } }];
    bundle.entry?.push(
      sent.postEntry('urn:uuid:plan', {
        resourceType: 'CarePlan',
        status: 'active',
        intent: 'plan',
        subject: { reference: sent.URNS.patient },
        activity,
      }),
      sent.postEntry('urn:uuid:t1', service),
      sent.postEntry('urn:uuid:t2', service),
    );
    expect(judged(bundle)).toEqual(['warning referral/several-services code']);
  });
});

describe('all findings', () => {
  it('come at once', () => {
    const bundle = sent.transactionReferral({
      patient: sent.patient({
        birthDate: '1700-01-01',
        identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '12' }],
      }),
      request: sent.serviceRequest({ status: 'draft', intent: 'option', authoredOn: '2030-01-01' }),
      consent: null,
    });
    expect(judged(bundle, { codes: () => 'no' }).filter((line) => line.startsWith('error'))).toHaveLength(7);
  });

  it('say what to do about it', () => {
    for (const rule of Object.keys(REFERRAL_RULES) as ReferralRule[]) {
      const wording = rule in REFERRAL_RULES ? REFERRAL_RULES[rule as keyof typeof REFERRAL_RULES] : undefined;
      expect(wording?.message).toMatch(/\.$/);
      expect(wording?.remedy).toMatch(/\.$/);
    }
  });
});
