import type { EventKind } from '../loop/event.ts';
import { type Dossier, NHS_NUMBER_SYSTEM, ofType } from '../referral.ts';
import type { InstrumentSet } from './instrument-set.ts';
import { measurementOf } from './measurement.ts';
import type { PersonOutcomes } from './pairs.ts';

/** One referral as it stands, as far as outcomes go. */
export interface ReferralOutcomes {
  readonly referral: string;
  readonly openedAt: string;
  readonly open: boolean;
  readonly state: EventKind;
  readonly held: boolean;
  readonly dossier: Dossier;
}

/**
 * Persons with all their measurements, whatever referral they came in. A person is known by the NHS number; without one a
 * referral is a person of its own, because nothing else tells two people apart for certain.
 */
export function peopleOutcomes(referrals: readonly ReferralOutcomes[], instruments: InstrumentSet): PersonOutcomes[] {
  const people = new Map<string, PersonOutcomes>();
  const ordered = [...referrals].sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
  for (const one of ordered) {
    const person = personOf(one);
    const known = people.get(person);
    const measured = ofType(one.dossier, 'Observation').flatMap(
      (observation) => measurementOf(observation, instruments) ?? [],
    );
    people.set(person, {
      person,
      measurements: [...(known?.measurements ?? []), ...measured],
      referredOn: known?.referredOn ?? one.openedAt.slice(0, 10),
      state: one.state,
      open: one.open || (known?.open ?? false),
      held: one.held || (known?.held ?? false),
    });
  }
  return [...people.values()];
}

function personOf({ referral, dossier }: ReferralOutcomes): string {
  const [patient] = ofType(dossier, 'Patient');
  const number = patient?.identifier?.find(
    ({ system, value }) => system === NHS_NUMBER_SYSTEM && value !== undefined,
  )?.value;
  return number === undefined ? `referral ${referral}` : `nhs ${number}`;
}
