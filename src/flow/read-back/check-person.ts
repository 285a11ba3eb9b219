import type { Patient } from 'fhir/r4.js';
import type { Finding } from '../../core/finding.ts';
import type { EntryReading } from '../../core/loop/read-back/reading.ts';
import { comparePerson, type PersonReading, personElements } from '../../core/loop/read-back/same-person.ts';
import { isWriteBack } from '../../core/loop/told-by.ts';
import { patientIdentifier } from '../../core/loop/write-back/logical-reference.ts';
import type { Hold, Leg } from '../../core/message.ts';
import { isResourceType, ofType } from '../../core/referral.ts';
import type { Ids, RecordRead, WantedEntries } from '../../ports.ts';
import type { RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';

/** Whether this delivery may only be filed once the patient was compared at the practice's door. */
export function wantsPersonCheck(leg: Leg, { partners, readers }: Pick<RoadParts, 'partners' | 'readers'>): boolean {
  const rules = partners.get(leg.partner)?.outward?.writeBack;
  return rules?.checkPerson === true && readers.has(leg.partner) && isWriteBack(leg) && leg.attempts === 0;
}

export function personHoldKey({ id }: Pick<Leg, 'id'>): string {
  return `person|${id}`;
}

/** What to ask the practice for: the patient of this NHS number. Nothing when the referral has none. */
export function wantedPerson({ dossier }: Snapshot): WantedEntries[] {
  const [patient] = ofType(dossier, 'Patient');
  const identifier = patientIdentifier(patient?.identifier);
  if (identifier?.system === undefined || identifier.value === undefined) return [];
  return [{ type: 'Patient', system: identifier.system, values: [identifier.value] }];
}

/** How the practice's patient compares with the referral's. */
export function personFound(
  snapshot: Snapshot,
  { resources }: Pick<Extract<RecordRead, { kind: 'read' }>, 'resources'>,
  practice: string | undefined,
): PersonReading {
  const [ours] = ofType(snapshot.dossier, 'Patient');
  const theirs = resources.filter((one): one is Patient => isResourceType(one, 'Patient'));
  return comparePerson(ours, theirs, practice);
}

export function personEntry(person: PersonReading): EntryReading {
  const is = person.is === 'same' ? 'kept' : 'lost';
  return { entry: 'the patient', type: 'Patient', is, elements: personElements(person), lostCodes: [], keptCodes: [] };
}

/** Nothing is filed: a person is asked. Names elements and never what they hold. */
export function personHold(leg: Leg, person: PersonReading, now: string, { ids }: { readonly ids: Ids }): Hold {
  return {
    id: ids.next(),
    kind: 'failed-check',
    key: personHoldKey(leg),
    partner: leg.partner,
    referral: leg.referral,
    findings:
      person.why === undefined
        ? person.differing.map((element) => finding(`Patient.${element}`, 'differs', DIFFERS))
        : [finding('Patient', person.why, WHY[person.why])],
    openedAt: now,
  };
}

const DIFFERS = 'This element of the patient is not the same in the record of the practice and in the referral.';

const WHY: Readonly<Record<NonNullable<PersonReading['why']>, string>> = {
  'not-registered': 'The practice has no patient of this NHS number: the person may have moved to another practice.',
  several: 'The practice has several patients of this NHS number.',
  moved: 'The person is registered with another practice by now.',
  left: 'The person is no longer an active patient of this practice.',
};

function finding(expression: string, rule: string, message: string): Finding {
  return {
    severity: 'error',
    rule: `person/${rule}`,
    place: { expression },
    message: `${message} Nothing was filed.`,
    remedy:
      'Ask the practice who is meant. Once it is mended there, retry the hold: the patient is compared again. Or abandon it, and tell whoever cares for the person now another way.',
    issue: 'conflict',
  };
}
