import type { EventKind } from '../loop/event.ts';
import { type Dossier, NHS_NUMBER_SYSTEM, ofType } from '../referral.ts';
import type { InstrumentSet } from './instrument-set.ts';
import { type Measurement, measurementOf } from './measurement.ts';
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

/** The same with what its dossier says of outcomes, and no more of it: a year of these fits into memory. */
export interface MeasuredReferral extends Omit<ReferralOutcomes, 'dossier'> {
  /** `PersonOutcomes.person` */
  readonly person: string;
  readonly measurements: readonly Measurement[];
}

/**
 * Persons with all their measurements, whatever referral they came in. A person is known by the NHS number; without one a
 * referral is a person of its own, because nothing else tells two people apart for certain.
 */
export function peopleOutcomes(referrals: readonly ReferralOutcomes[], instruments: InstrumentSet): PersonOutcomes[] {
  return peopleMeasured(referrals.map((one) => measuredReferral(one, instruments)));
}

export function measuredReferral<R extends ReferralOutcomes>(
  { dossier, ...one }: R,
  instruments: InstrumentSet,
): Omit<R, 'dossier'> & MeasuredReferral {
  const measurements = ofType(dossier, 'Observation').flatMap(
    (observation) => measurementOf(observation, instruments) ?? [],
  );
  return { ...one, person: personOf(one.referral, dossier), measurements };
}

/** Persons in the order of their first referral; each with the state of the latest. */
export function peopleMeasured(referrals: readonly MeasuredReferral[]): PersonOutcomes[] {
  const people = new Map<string, PersonOutcomes>();
  const ordered = [...referrals].sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
  for (const one of ordered) {
    const known = people.get(one.person);
    people.set(one.person, {
      person: one.person,
      measurements: [...(known?.measurements ?? []), ...one.measurements],
      referredOn: known?.referredOn ?? one.openedAt.slice(0, 10),
      state: one.state,
      open: one.open || (known?.open ?? false),
      held: one.held || (known?.held ?? false),
    });
  }
  return [...people.values()];
}

function personOf(referral: string, dossier: Dossier): string {
  const [patient] = ofType(dossier, 'Patient');
  const number = patient?.identifier?.find(
    ({ system, value }) => system === NHS_NUMBER_SYSTEM && value !== undefined,
  )?.value;
  return number === undefined ? `referral ${referral}` : `nhs ${number}`;
}
