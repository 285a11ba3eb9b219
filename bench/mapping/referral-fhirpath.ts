import { NHS_NUMBER_SYSTEM, ODS_SYSTEM, SNOMED_SYSTEM } from '../../src/core/referral.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import { onFhir } from './fhirpath-reader.ts';
import type { ReferralJob } from './referral-job.ts';
import { translated } from './workload.ts';

const patient = onFhir('Bundle.entry.resource.ofType(Patient)');
const request = onFhir('Bundle.entry.resource.ofType(ServiceRequest)');
const practitioner = onFhir('Bundle.entry.resource.ofType(Practitioner)');
const organisation = onFhir('Bundle.entry.resource.ofType(Organization)');
const consentDate = onFhir("Bundle.entry.resource.ofType(Consent).where(status = 'active').dateTime");

const nhsNumber = onFhir(`identifier.where(system = '${NHS_NUMBER_SYSTEM}').value`);
const officialName = onFhir("name.where(use = 'official')");
const homeAddress = onFhir("address.where(use = 'home')");
const birthDate = onFhir('birthDate');
const phone = onFhir("telecom.where(system = 'phone').value");
const email = onFhir("telecom.where(system = 'email').value");
const title = onFhir('prefix', 'HumanName');
const givenNames = onFhir("given.join(' ')", 'HumanName');
const family = onFhir('family', 'HumanName');
const lines = onFhir('line', 'Address');
const city = onFhir('city', 'Address');
const postcode = onFhir('postalCode', 'Address');

const service = onFhir(`code.coding.where(system = '${SNOMED_SYSTEM}').code`);
const authoredOn = onFhir('authoredOn');
const urgent = onFhir("priority = 'urgent'");
const reasons = onFhir('reasonCode');
const notes = onFhir('note.text');
const needCode = onFhir(`coding.where(system = '${SNOMED_SYSTEM}').code`, 'CodeableConcept');
const needLabel = onFhir(`coding.where(system = '${SNOMED_SYSTEM}').display`, 'CodeableConcept');
const needText = onFhir('text', 'CodeableConcept');

const personName = onFhir("name.select((prefix | given | family).join(' '))");
const organisationName = onFhir('name');
const odsCode = onFhir(`identifier.where(system = '${ODS_SYSTEM}').value`);

/** Resources are picked once and then read by short expressions: the quick way of using the library. */
export function referralByFhirpath({ document, given }: ReferralJob, terminology: Terminology) {
  const person = patient.first(document);
  const order = request.first(document);
  const surgery = organisation.first(document);
  const name = officialName.first(person);
  const address = homeAddress.first(person);
  return {
    event: 'referral.created',
    reference: given.referral,
    task: given.task,
    sentAt: given.now,
    client: {
      nhsNumber: nhsNumber.first(person),
      name: { title: title.first(name), first: givenNames.first(name), last: family.first(name) },
      dateOfBirth: birthDate.first(person),
      phone: phone.first(person),
      email: email.first(person),
      address: { lines: lines.all(address), city: city.first(address), postcode: postcode.first(address) },
    },
    service: service.first(order),
    requestedOn: authoredOn.first(order),
    urgent: urgent.first(order),
    needs: reasons.all(order).map((need) => ({
      code: translated(terminology, 'needs-to-casework', SNOMED_SYSTEM, needCode.first(need)),
      snomed: needCode.first(need),
      label: needLabel.first(need),
      text: needText.first(need),
    })),
    notes: notes.all(order),
    consent: { recordedOn: consentDate.first(document) },
    referrer: {
      person: personName.first(practitioner.first(document)),
      organisation: organisationName.first(surgery),
      odsCode: odsCode.first(surgery),
    },
  };
}
