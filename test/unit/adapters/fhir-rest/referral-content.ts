import type { Bundle, FhirResource, Patient, ServiceRequest, Task } from 'fhir/r4.js';

export const NHS_NUMBER = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' };

export function patient(id: string): Patient {
  return { resourceType: 'Patient', id, identifier: [NHS_NUMBER], name: [{ family: 'Testpatient', given: ['Ada'] }] };
}

export function serviceRequest(id: string, subject: string): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id,
    status: 'active',
    intent: 'order',
    subject: { reference: subject },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '871731000000106' }] },
    identifier: [{ system: 'urn:elm:request', value: `R-${id}` }],
  };
}

export function task(id: string, focus: string, forWhom: string): Task {
  return {
    resourceType: 'Task',
    id,
    status: 'requested',
    intent: 'order',
    focus: { reference: focus },
    for: { reference: forWhom },
    requester: { reference: 'Organization/elm' },
  };
}

/** A referral as a transaction Bundle whose entries refer to each other by urn:uuid. */
export function referralBundle(identifier?: { readonly system: string; readonly value: string }): Bundle<FhirResource> {
  const urn = (last: number) => `urn:uuid:0198a000-0000-7000-8000-00000000000${last}`;
  const entry = (fullUrl: string, resource: FhirResource) => {
    const { id: _, ...unnamed } = resource;
    return { fullUrl, resource: unnamed, request: { method: 'POST' as const, url: resource.resourceType } };
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    ...(identifier && { identifier }),
    entry: [
      entry(urn(1), patient('p')),
      entry(urn(2), serviceRequest('s', urn(1))),
      entry(urn(3), task('t', urn(2), urn(1))),
    ],
  };
}

/** The same as a message. */
export function referralMessage(id: string): Bundle<FhirResource> {
  const bundle = referralBundle();
  return {
    resourceType: 'Bundle',
    id,
    type: 'message',
    entry: [
      {
        fullUrl: 'urn:uuid:0198a000-0000-7000-8000-000000000009',
        resource: {
          resourceType: 'MessageHeader',
          eventCoding: { system: 'https://fhir.nhs.uk/CodeSystem/message-events-bars', code: 'servicerequest-request' },
          source: { endpoint: 'urn:sender' },
          destination: [{ endpoint: 'urn:receiver' }],
        },
      },
      ...(bundle.entry ?? []).map(({ fullUrl, resource }) => ({
        ...(fullUrl !== undefined && { fullUrl }),
        ...(resource !== undefined && { resource }),
      })),
    ],
  };
}
