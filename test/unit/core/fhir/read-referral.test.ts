import { describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, Questionnaire, Task } from 'fhir/r4.js';
import { readReferral } from '../../../../src/core/fhir/read-referral.ts';
import type { ReadingGiven, ReferralAsk, ReferralReading } from '../../../../src/core/fhir/read-result.ts';
import { REFERRAL_ID_SYSTEM } from '../../../../src/core/referral.ts';
import * as sent from '../../../fixtures/fhir/referral-bundle.ts';

const TRANSACTION: ReferralAsk = { kind: 'fhir-transaction' };
const MESSAGE: ReferralAsk = { kind: 'fhir-message' };

function givens(changes: Partial<ReadingGiven> = {}): ReadingGiven {
  let count = 0;
  return {
    now: sent.NOW,
    newId: () => `id-${++count}`,
    referralId: 'referral-1',
    policy: { nhsNumberCheck: 'refuse', serviceCodes: (_, code) => (code === sent.SOCIAL_PRESCRIBING ? 'yes' : 'no') },
    known: () => undefined,
    ...changes,
  };
}

function accepted(content: unknown, ask: ReferralAsk, given = givens()): ReferralReading {
  const { reading, findings } = readReferral(content, ask, given);
  if (reading === undefined) throw new Error(`refused: ${findings.map(({ rule }) => rule).join()}`);
  return reading;
}

function rules(content: unknown, ask: ReferralAsk, given = givens()): string[] {
  return readReferral(content, ask, given).findings.map(
    ({ severity, rule, place }) => `${severity} ${rule} ${place.expression}`,
  );
}

function resource<T extends FhirResource['resourceType']>(
  reading: ReferralReading,
  type: T,
): Extract<FhirResource, { resourceType: T }> {
  const found = reading.resources.filter((one) => one.resourceType === type);
  expect(found).toHaveLength(1);
  return found[0] as Extract<FhirResource, { resourceType: T }>;
}

describe('a transaction referral', () => {
  it('is read without a word when nothing is wrong', () => {
    expect(rules(sent.transactionReferral(), TRANSACTION)).toEqual([]);
  });

  it('becomes resources under our ids that refer to each other by Type/id', () => {
    const reading = accepted(sent.transactionReferral(), TRANSACTION);
    expect(reading.intent).toBe('new');
    const request = resource(reading, 'ServiceRequest');
    expect(request.id).toBe(reading.serviceRequest);
    expect(request.subject.reference).toBe(`Patient/${reading.patient}`);
    expect(request.requester?.reference).toBe(`Practitioner/${resource(reading, 'Practitioner').id}`);
    expect(resource(reading, 'Consent').patient?.reference).toBe(`Patient/${reading.patient}`);
  });

  it('carries our referral id on ServiceRequest and Task, beside the sender’s own', () => {
    const reading = accepted(sent.transactionReferral(), TRANSACTION);
    const ours = { system: REFERRAL_ID_SYSTEM, value: 'referral-1' };
    expect(resource(reading, 'ServiceRequest').identifier).toEqual([
      { system: 'https://gp.example/referral-number', value: 'SP-0001' },
      ours,
    ]);
    expect(resource(reading, 'Task').identifier).toEqual([
      { system: 'https://gp.example/task-number', value: 'T-0001' },
      ours,
    ]);
  });

  it('says what each entry became, in the order of the entries', () => {
    const reading = accepted(sent.transactionReferral(), TRANSACTION);
    expect(reading.entries.map((entry) => entry.split('/')[0])).toEqual([
      'ServiceRequest',
      'Patient',
      'Practitioner',
      'Organization',
      'Consent',
      'Task',
    ]);
    expect(reading.entries[0]).toBe(`ServiceRequest/${reading.serviceRequest}`);
    expect(reading.entries[5]).toBe(`Task/${reading.parentTask}`);
  });

  it('gets a parent Task when the sender sent none', () => {
    const reading = accepted(sent.transactionReferral({ task: null }), TRANSACTION);
    expect(resource(reading, 'Task')).toEqual({
      resourceType: 'Task',
      id: reading.parentTask,
      identifier: [{ system: REFERRAL_ID_SYSTEM, value: 'referral-1' }],
      status: 'requested',
      intent: 'order',
      priority: 'routine',
      code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
      focus: { reference: `ServiceRequest/${reading.serviceRequest}` },
      for: { reference: `Patient/${reading.patient}` },
      authoredOn: sent.AUTHORED,
      lastModified: sent.NOW,
      requester: { reference: `Practitioner/${resource(reading, 'Practitioner').id}` },
    });
  });

  it('keeps the sender’s Task and adds only what it lacks', () => {
    const task = sent.coordinationTask();
    const { for: _, code: __, ...sparse } = task;
    const reading = accepted(sent.transactionReferral({ task: sparse }), TRANSACTION);
    expect(resource(reading, 'Task')).toMatchObject({
      for: { reference: `Patient/${reading.patient}` },
      code: { coding: [{ code: 'fulfill' }] },
      lastModified: sent.NOW,
      requester: { reference: `Organization/${resource(reading, 'Organization').id}` },
    });
  });

  it('takes a Task with code fulfill and no focus as the coordinating one', () => {
    const { focus: _, ...unfocused } = sent.coordinationTask();
    const reading = accepted(sent.transactionReferral({ task: unfocused }), TRANSACTION);
    expect(resource(reading, 'Task').focus?.reference).toBe(`ServiceRequest/${reading.serviceRequest}`);
  });

  it('names services, reasons and itself', () => {
    const reading = accepted(sent.transactionReferral(), TRANSACTION);
    expect(reading.requestedService.map(({ code }) => code)).toEqual([sent.SOCIAL_PRESCRIBING]);
    expect(reading.reasons.map(({ code }) => code)).toEqual(['267076002']);
    expect(reading.reasonTexts).toEqual(['Misses company']);
    const at = (entry: number) => `Bundle.entry[${entry}].resource.identifier[0]`;
    expect(reading.names).toEqual([
      { name: 'https://gp.example/referral-number|SP-0001', at: at(0), of: 'ServiceRequest' },
      { name: 'https://gp.example/task-number|T-0001', at: at(5), of: 'Task' },
    ]);
  });

  it('reads reasons behind reasonReference', () => {
    const bundle = sent.transactionReferral({
      request: sent.serviceRequest({ reasonCode: [], reasonReference: [{ reference: 'urn:uuid:c' }] }),
    });
    const condition: FhirResource = {
      resourceType: 'Condition',
      subject: { reference: sent.URNS.patient },
      code: { coding: [{ system: sent.SNOMED, code: '422650009' }], text: 'alone' },
    };
    bundle.entry?.push(sent.postEntry('urn:uuid:c', condition));
    const reading = accepted(bundle, TRANSACTION);
    expect([reading.reasons.map(({ code }) => code), reading.reasonTexts]).toEqual([['422650009'], ['alone']]);
  });

  it('drops a referral id that a sender claims to have, and the server’s metadata', () => {
    const forged = sent.serviceRequest({
      identifier: [{ system: REFERRAL_ID_SYSTEM, value: 'other' }],
      meta: { versionId: '7', lastUpdated: sent.AUTHORED, profile: ['p'] },
    });
    const reading = accepted(sent.transactionReferral({ request: forged }), TRANSACTION);
    expect(resource(reading, 'ServiceRequest').identifier).toEqual([
      { system: REFERRAL_ID_SYSTEM, value: 'referral-1' },
    ]);
    expect(resource(reading, 'ServiceRequest').meta).toEqual({ profile: ['p'] });
    expect(reading.names.map(({ name }) => name)).not.toContain(`${REFERRAL_ID_SYSTEM}|other`);
  });

  it('writes NHS identifier systems with /Id/', () => {
    const lower = sent.patient({
      identifier: [{ system: 'https://fhir.nhs.uk/id/nhs-number', value: sent.NHS_NUMBER }],
    });
    const reading = accepted(sent.transactionReferral({ patient: lower }), TRANSACTION);
    expect(resource(reading, 'Patient').identifier?.[0]?.system).toBe('https://fhir.nhs.uk/Id/nhs-number');
  });

  it('reports a reference that leads nowhere and leaves it as sent', () => {
    const bundle = sent.transactionReferral({
      request: sent.serviceRequest({ encounter: { reference: 'Encounter/gone' } }),
    });
    expect(rules(bundle, TRANSACTION)).toEqual([
      'warning referral/reference-unresolved Bundle.entry[0].resource.encounter',
    ]);
    expect(resource(accepted(bundle, TRANSACTION), 'ServiceRequest').encounter).toEqual({
      reference: 'Encounter/gone',
    });
  });

  it('does not repeat a referrer’s reference that leads nowhere in the Task that it makes', () => {
    const requester = { reference: 'Practitioner/gone', display: 'Dr R Okonedo-Hale' };
    const reading = accepted(
      sent.transactionReferral({ request: sent.serviceRequest({ requester }), task: null }),
      TRANSACTION,
    );
    expect(resource(reading, 'Task').requester).toEqual({ display: 'Dr R Okonedo-Hale' });
  });

  it('copies a stored patient of the sender under a new id', () => {
    const stored = sent.patient({
      id: 'ours',
      meta: { versionId: '3' },
      managingOrganization: { reference: 'Organization/o' },
    });
    const known = (name: string): FhirResource | undefined =>
      ({ 'Patient/ours': stored, 'Organization/o': { ...sent.practice(), id: 'o' } as FhirResource })[name];
    const request = sent.serviceRequest({
      subject: { reference: 'Patient/ours' },
      requester: { display: 'Dr R Okonedo-Hale' },
    });
    const agreed = sent.consent({ patient: { reference: 'Patient/ours' } });
    const bundle: Bundle<FhirResource> = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [sent.postEntry(sent.URNS.request, request), sent.postEntry(sent.URNS.consent, agreed)],
    };
    const reading = accepted(bundle, TRANSACTION, givens({ known }));
    expect(reading.patient).not.toBe('ours');
    expect(resource(reading, 'Patient')).toMatchObject({
      id: reading.patient,
      managingOrganization: { reference: `Organization/${resource(reading, 'Organization').id}` },
    });
    expect(resource(reading, 'Patient').meta).toBeUndefined();
    expect(reading.entries).toHaveLength(2);
  });
});

describe('a transaction that is not one referral', () => {
  it.each(['PUT', 'GET', 'DELETE', 'PATCH'] as const)('is refused for an entry with %s', (method) => {
    const bundle = sent.transactionReferral();
    const entry = bundle.entry?.[2];
    if (entry) entry.request = { method, url: 'Practitioner/1' };
    expect(rules(bundle, TRANSACTION)).toEqual(['error referral/entry-method Bundle.entry[2].request.method']);
  });

  it('is refused when request.url is not the type', () => {
    const bundle = sent.transactionReferral();
    const entry = bundle.entry?.[2];
    if (entry) entry.request = { method: 'POST', url: 'Patient' };
    expect(rules(bundle, TRANSACTION)).toEqual(['error referral/entry-url Bundle.entry[2].request.url']);
  });

  it('is refused for ifNoneExist on the referral itself, warned about it elsewhere', () => {
    const bundle = sent.transactionReferral();
    for (const index of [0, 2]) {
      const request = bundle.entry?.[index]?.request;
      if (request) request.ifNoneExist = 'identifier=s|1';
    }
    expect(rules(bundle, TRANSACTION)).toEqual([
      'error referral/if-none-exist Bundle.entry[0].request.ifNoneExist',
      'warning referral/if-none-exist-ignored Bundle.entry[2].request.ifNoneExist',
    ]);
  });

  it('is refused with two ServiceRequests that nothing tells apart', () => {
    const bundle = sent.transactionReferral({ task: null });
    bundle.entry?.push(sent.postEntry('urn:uuid:second', sent.serviceRequest()));
    expect(rules(bundle, TRANSACTION)).toEqual([
      'error referral/one-referral Bundle.entry[0].resource',
      'error referral/one-referral Bundle.entry[5].resource',
    ]);
  });

  it('is accepted with two when only one is the focus of a Task', () => {
    const bundle = sent.transactionReferral();
    bundle.entry?.push(sent.postEntry('urn:uuid:second', sent.serviceRequest({ status: 'completed' })));
    const reading = accepted(bundle, TRANSACTION);
    expect(`ServiceRequest/${reading.serviceRequest}`).toBe(reading.entries[0]);
  });

  it('is refused with two coordinating Tasks', () => {
    const bundle = sent.transactionReferral();
    bundle.entry?.push(sent.postEntry('urn:uuid:second', sent.coordinationTask()));
    expect(rules(bundle, TRANSACTION)).toEqual([
      'error referral/one-task Bundle.entry[5].resource',
      'error referral/one-task Bundle.entry[6].resource',
    ]);
  });

  it('is refused for a type that a referral does not carry', () => {
    const bundle = sent.transactionReferral();
    bundle.entry?.push(sent.postEntry('urn:uuid:b', { resourceType: 'Basic', code: {} }));
    expect(rules(bundle, TRANSACTION)).toEqual(['error referral/resource-type Bundle.entry[6].resource']);
  });

  it('is refused for a fullUrl used twice', () => {
    const bundle = sent.transactionReferral();
    bundle.entry?.push(sent.postEntry(sent.URNS.practitioner, sent.practitioner()));
    expect(rules(bundle, TRANSACTION)).toContain('error referral/full-url Bundle.entry[6].fullUrl');
  });

  it.each([
    [{ resourceType: 'Bundle', type: 'message' }, 'Bundle'],
    [sent.patient(), 'Patient'],
    [null, 'Resource'],
    [{ resourceType: 'drop table' }, 'Resource'],
  ])('is refused when it is something else (%#)', (content, place) => {
    expect(rules(content, TRANSACTION)).toEqual([`error referral/content ${place}`]);
  });

  it('says everything at once when it is empty', () => {
    const empty = { resourceType: 'Bundle', type: 'transaction' };
    expect(rules(empty, TRANSACTION)).toEqual([
      'error referral/service-request Bundle',
      'error referral/patient Bundle',
      'error referral/consent Bundle',
    ]);
  });
});

describe('a message referral in the shape of BaRS', () => {
  it('is accepted, and its dangling reference only warned about', () => {
    expect(rules(sent.messageReferral(), MESSAGE)).toEqual([
      'warning referral/reference-unresolved Bundle.entry[4].resource.episodeOfCare[0]',
    ]);
  });

  it('finds the requested service behind CarePlan.activity, and does not take that Task for the coordinating one', () => {
    const reading = accepted(sent.messageReferral(), MESSAGE);
    expect(reading.requestedService.map(({ code }) => code)).toEqual([sent.SOCIAL_PRESCRIBING]);
    const tasks = reading.resources.filter((one): one is Task => one.resourceType === 'Task');
    expect(tasks).toHaveLength(2);
    expect(tasks.find(({ id }) => id === reading.parentTask)).toMatchObject({
      code: { coding: [{ code: 'fulfill' }] },
      focus: { reference: `ServiceRequest/${reading.serviceRequest}` },
    });
  });

  it('leaves the envelope out of the dossier and names the referral by its lasting fullUrl', () => {
    const reading = accepted(sent.messageReferral(), MESSAGE);
    expect(reading.resources.some(({ resourceType }) => resourceType === 'MessageHeader')).toBe(false);
    expect(reading.entries).toHaveLength(8);
    expect(reading.names.map(({ name }) => name)).toContain(sent.URNS.request);
  });

  it.each([
    ['new', 'active', 'new'],
    ['update', 'active', 'update'],
    ['update', 'revoked', 'cancel'],
    ['delete', 'revoked', 'cancel'],
    ['update', 'entered-in-error', 'entered-in-error'],
    ['delete', 'entered-in-error', 'entered-in-error'],
  ] as const)('with reason %s and status %s means %s', (reason, status, intent) => {
    expect(accepted(sent.messageReferral(reason, status), MESSAGE).intent).toBe(intent);
  });

  it.each([
    ['new', 'revoked'],
    ['delete', 'active'],
    ['new', 'entered-in-error'],
  ] as const)('with reason %s and status %s contradicts itself', (reason, status) => {
    expect(rules(sent.messageReferral(reason, status), MESSAGE)).toContain(
      'error referral/message-reason Bundle.entry[0].resource.reason',
    );
  });

  it('is refused for a reason that is no code of ours, even one that JavaScript objects have', () => {
    const bundle = JSON.parse(JSON.stringify(sent.messageReferral()).replace('"code":"new"', '"code":"constructor"'));
    expect(rules(bundle, MESSAGE)).toContain('error referral/message-reason Bundle.entry[0].resource.reason');
  });

  it('is refused for another event, and without a header', () => {
    const response = JSON.parse(
      JSON.stringify(sent.messageReferral()).replace('servicerequest-request', 'servicerequest-response'),
    );
    expect(rules(response, MESSAGE)).toContain('error referral/message-event Bundle.entry[0].resource.event');
    const headless = sent.messageReferral();
    headless.entry?.shift();
    expect(rules(headless, MESSAGE)).toContain('error referral/message-header Bundle');
  });

  it('that cancels needs neither consent nor a requested service', () => {
    const bundle = sent.messageReferral('update', 'revoked');
    bundle.entry = (bundle.entry ?? []).slice(0, 2);
    const reading = accepted(bundle, MESSAGE);
    expect([reading.intent, reading.patient, reading.parentTask]).toEqual(['cancel', undefined, undefined]);
  });

  it('that updates keeps the ids of what it names again, and makes no second Task', () => {
    const stored = sent.serviceRequest({ id: 'stored-request' });
    const known = (name: string): FhirResource | undefined => (name === sent.URNS.request ? stored : undefined);
    const reading = accepted(sent.messageReferral('update'), MESSAGE, givens({ known }));
    expect(reading.serviceRequest).toBe('stored-request');
    expect(reading.parentTask).toBeUndefined();
    expect(resource(reading, 'Encounter').id).toMatch(/^id-/);
  });

  it('takes the sender as the referrer when none is named', () => {
    const bundle = JSON.parse(
      JSON.stringify(sent.messageReferral()).replace(`"requester":{"reference":"${sent.URNS.practitioner}"},`, ''),
    );
    const reading = accepted(bundle, MESSAGE);
    const parent = reading.resources.find(({ id }) => id === reading.parentTask) as Task;
    expect(parent.requester?.reference).toBe(`Organization/${resource(reading, 'Organization').id}`);
    expect(rules(bundle, MESSAGE)).toContain(
      'information referral/requester-assumed Bundle.entry[1].resource.requester',
    );
  });
});

describe('one resource by itself', () => {
  it('a ServiceRequest with contained resources becomes a dossier with each under its own id', () => {
    const content = sent.soleServiceRequest();
    const ask: ReferralAsk = { kind: 'fhir-create', type: 'ServiceRequest' };
    expect(rules(content, ask)).toEqual(['warning referral/consent-absent ServiceRequest.supportingInfo[0]']);
    const reading = accepted(content, ask);
    expect('contained' in resource(reading, 'ServiceRequest')).toBe(false);
    expect(resource(reading, 'ServiceRequest').subject.reference).toBe(`Patient/${resource(reading, 'Patient').id}`);
    expect(reading.entries).toEqual([`ServiceRequest/${reading.serviceRequest}`]);
    expect(reading.names.map(({ name }) => name)).toContain('ServiceRequest/gp-request-1');
  });

  it('a Task may contain its ServiceRequest and name the patient by NHS number', () => {
    const reading = accepted(sent.soleTask(), { kind: 'fhir-create', type: 'Task' });
    expect(resource(reading, 'Task').for).toEqual({
      identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: sent.NHS_NUMBER },
      reference: `Patient/${reading.patient}`,
    });
    expect(resource(reading, 'Task').requester).toMatchObject({ identifier: { value: 'Z99001' } });
    expect(reading.names.map(({ name }) => name)).toContain('Task/gp-task-1');
  });

  it('a Task whose ServiceRequest was referred before is refused', () => {
    const stored: FhirResource = sent.serviceRequest({ id: 'r' });
    const task = { ...sent.soleTask(), focus: { reference: 'ServiceRequest/r' } };
    const found = rules(
      task,
      { kind: 'fhir-create', type: 'Task' },
      givens({ known: (name) => (name === 'ServiceRequest/r' ? stored : undefined) }),
    );
    expect(found).toContain('error referral/already-referred Task.focus');
  });

  it('a Task that begins half way is told so even when its ServiceRequest is missing', () => {
    const task = sent.coordinationTask({ status: 'accepted', for: { identifier: { value: 'x' } } });
    const found = rules(task, { kind: 'fhir-create', type: 'Task' });
    expect(found).toEqual(
      expect.arrayContaining([
        'error referral/service-request Task',
        'error referral/task-status Task.status',
        'error referral/patient Task',
      ]),
    );
  });

  it('equal contained copies of one patient become one', () => {
    const { managingOrganization: _, ...person } = sent.patient();
    const who = { ...person, id: 'p' };
    const request = { ...sent.serviceRequest({ subject: { reference: '#p' } }), contained: [who] };
    const task = { ...sent.coordinationTask({ for: { reference: '#p' } }), contained: [who] };
    const bundle = sent.transactionReferral({ request, task });
    bundle.entry?.splice(1, 1);
    bundle.entry?.splice(
      3,
      1,
      sent.postEntry(sent.URNS.consent, sent.consent({ patient: { identifier: person.identifier?.[0] ?? {} } })),
    );
    const reading = accepted(bundle, TRANSACTION);
    expect(resource(reading, 'Task').for?.reference).toBe(`Patient/${resource(reading, 'Patient').id}`);
  });

  it('a canonical that points to a contained Questionnaire follows it out', () => {
    const bundle = sent.transactionReferral();
    const questionnaire: Questionnaire = { resourceType: 'Questionnaire', id: 'q', status: 'active' };
    const form: FhirResource = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: '#q',
      subject: { reference: sent.URNS.patient },
      contained: [questionnaire],
    };
    bundle.entry?.push(sent.postEntry('urn:uuid:form', form));
    const reading = accepted(bundle, TRANSACTION);
    expect(resource(reading, 'QuestionnaireResponse').questionnaire).toBe(
      `Questionnaire/${resource(reading, 'Questionnaire').id}`,
    );
  });
});
