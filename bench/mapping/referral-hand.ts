import type { CodeableConcept, FhirResource } from 'fhir/r4.js';
import { NHS_NUMBER_SYSTEM, ODS_SYSTEM, SNOMED_SYSTEM } from '../../src/core/referral.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import type { ReferralDossier, ReferralJob } from './referral-job.ts';
import { translated } from './workload.ts';

/** What somebody would write who does it in TypeScript for this one platform: no report of what is missing. */
export function referralByHand({ document, given }: ReferralJob, terminology: Terminology) {
  const patient = resourceOf(document, 'Patient');
  const request = resourceOf(document, 'ServiceRequest');
  const organisation = resourceOf(document, 'Organization');
  const practitioner = resourceOf(document, 'Practitioner')?.name?.[0];
  const name = patient?.name?.find(({ use }) => use === 'official');
  const address = patient?.address?.find(({ use }) => use === 'home');
  return {
    event: 'referral.created',
    reference: given.referral,
    task: given.task,
    sentAt: given.now,
    client: {
      nhsNumber: patient?.identifier?.find(({ system }) => system === NHS_NUMBER_SYSTEM)?.value,
      name: { title: name?.prefix?.[0], first: name?.given?.join(' '), last: name?.family },
      dateOfBirth: patient?.birthDate,
      phone: patient?.telecom?.find(({ system }) => system === 'phone')?.value,
      email: patient?.telecom?.find(({ system }) => system === 'email')?.value,
      address: { lines: address?.line?.slice(), city: address?.city, postcode: address?.postalCode },
    },
    service: request?.code?.coding?.find(({ system }) => system === SNOMED_SYSTEM)?.code,
    requestedOn: request?.authoredOn,
    urgent: request?.priority === 'urgent',
    needs: request?.reasonCode?.map((reason) => needByHand(reason, terminology)),
    notes: request?.note?.map(({ text }) => text),
    consent: { recordedOn: activeConsent(document)?.dateTime },
    referrer: {
      person: [...(practitioner?.prefix ?? []), ...(practitioner?.given ?? []), practitioner?.family ?? ''].join(' '),
      organisation: organisation?.name,
      odsCode: organisation?.identifier?.find(({ system }) => system === ODS_SYSTEM)?.value,
    },
  };
}

function needByHand({ coding, text }: CodeableConcept, terminology: Terminology) {
  const snomed = coding?.find(({ system }) => system === SNOMED_SYSTEM);
  return {
    code: translated(terminology, 'needs-to-casework', SNOMED_SYSTEM, snomed?.code),
    snomed: snomed?.code,
    label: snomed?.display,
    text,
  };
}

type OfType<Type extends FhirResource['resourceType']> = Extract<FhirResource, { resourceType: Type }>;

function resourceOf<Type extends FhirResource['resourceType']>(
  bundle: ReferralDossier,
  type: Type,
): OfType<Type> | undefined {
  for (const { resource } of bundle.entry ?? []) if (isOfType(resource, type)) return resource;
  return undefined;
}

function isOfType<Type extends FhirResource['resourceType']>(
  resource: FhirResource | undefined,
  type: Type,
): resource is OfType<Type> {
  return resource?.resourceType === type;
}

function activeConsent(bundle: ReferralDossier) {
  for (const { resource } of bundle.entry ?? []) {
    if (resource?.resourceType === 'Consent' && resource.status === 'active') return resource;
  }
  return undefined;
}
