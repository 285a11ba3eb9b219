import { provenanceId } from '../../../src/core/loop/write-back/provenance.ts';
import { ENTRY_ID_SYSTEM, LOOP_STATE_SYSTEM, REFERRAL_ID_SYSTEM } from '../../../src/core/referral.ts';
import { identifiersOf } from '../gp-emis-style/shelf.ts';
import { type Evidence, loopOf, type PlatformEvidence } from './evidence.ts';
import type { Loop } from './read-loops.ts';
import { referralNumber } from './referral-bundle.ts';

/** Everything that was acknowledged and has not had its effect, each as a sentence without patient data. */
export function findLost(evidence: Evidence): string[] {
  return [
    ...referralsWithoutLoop(evidence),
    ...evidence.loops.flatMap((loop) => partsWithoutCase(loop, evidence)),
    ...narrativesChanged(evidence),
    ...evidence.platforms.flatMap((platform) => reportsWithoutEvent(platform, evidence)),
    ...evidence.loops.flatMap((loop) =>
      loop.referral.referrer === 'riverside' ? unfiled(loop, evidence) : unseen(loop, evidence),
    ),
  ];
}

/** Acknowledged with 2xx, but the record has no loop of that number with that Task. */
function referralsWithoutLoop({ sent, loops }: Evidence): string[] {
  return sent
    .filter(({ status }) => status >= 200 && status < 300)
    .filter(
      ({ person, task }) =>
        !loops.some((loop) => loop.number === referralNumber(person) && loop.referral.parentTask === task),
    )
    .map(({ person }) => `referral ${referralNumber(person)} was acknowledged and has no loop`);
}

/** A platform's part of a referral of which the platform knows nothing. */
function partsWithoutCase(loop: Loop, { platforms }: Evidence): string[] {
  return loop.described.children
    .filter((child) => loop.legs.some((leg) => leg.task === child.task && leg.purpose === 'referral'))
    .filter((child) => {
      const cases = platforms.find(({ partner }) => partner === child.partner)?.cases ?? [];
      return !cases.some((one) => one.taskReference === child.task && one.nhsNumber === loop.nhsNumber);
    })
    .map((child) => `${loop.number} has no case at ${child.partner}`);
}

/** What the GP wrote must stand in every case of that person, letter by letter. */
function narrativesChanged({ people, platforms }: Evidence): string[] {
  return platforms.flatMap(({ partner, cases }) =>
    cases.flatMap((one) => {
      const person = people.find(({ nhsNumber }) => nhsNumber === one.nhsNumber);
      return person !== undefined && one.narrative.includes(person.note)
        ? []
        : [`the narrative of ${one.number} at ${partner} is not what the GP wrote`];
    }),
  );
}

/** A report that was answered 2xx, without an event in the record that came of it. */
function reportsWithoutEvent({ partner, answered }: PlatformEvidence, { loops }: Evidence): string[] {
  const accepted = new Set(answered.filter(({ status }) => status < 300).map(({ id }) => id));
  for (const { messages, events } of loops) {
    for (const message of messages) {
      const isReport = message.direction === 'in' && message.partner === partner;
      if (isReport && events.some((event) => event.message === message.id)) accepted.delete(message.identity);
    }
  }
  return [...accepted].map((id) => `report ${id} of ${partner} was accepted and is no event`);
}

/** What Riverside's record lacks: write-backs that it is said to have taken, events it must hear of, results, the final state. */
function unfiled(loop: Loop, { filed }: Evidence): string[] {
  const { names, transactions, resources } = filed;
  const entries = new Set(
    resources.flatMap(identifiersOf).flatMap(({ system, value }) => (system === ENTRY_ID_SYSTEM ? value : [])),
  );
  const missing = [
    ...loop.legs
      .filter((leg) => leg.purpose === 'write-back' && leg.status === 'acknowledged' && !transactions.has(leg.id))
      .map((leg) => `write-back ${leg.id}`),
    ...loop.forGp
      .filter((event) => !names.has(`Provenance/${provenanceId(event)}`))
      .map((event) => `event ${event.kind}`),
    ...loop.results
      .filter((result) => result.id === undefined || !entries.has(result.id))
      .map((result) => `a result (${result.resourceType})`),
    ...(hasFinalState(loop, resources) ? [] : [`the final state ${loop.described.state.kind}`]),
  ];
  return missing.map((what) => `${loop.number}: the GP record never got ${what}`);
}

/** Only a state that somebody else than the GP brought about is told to the GP. */
function hasFinalState({ described, forGp, referral }: Loop, resources: Evidence['filed']['resources']): boolean {
  const { kind, terminal } = described.state;
  if (!terminal || !forGp.some((event) => event.kind === kind)) return true;
  return resources.some(
    (one) =>
      one.resourceType === 'Task' &&
      identifiersOf(one).some(({ system, value }) => system === REFERRAL_ID_SYSTEM && value === referral.id) &&
      one.businessStatus?.coding?.some((coding) => coding.system === LOOP_STATE_SYSTEM && coding.code === kind),
  );
}

/** What Hillview, which asks, has not seen in its newest version. */
function unseen(loop: Loop, { polled }: Evidence): string[] {
  const seen = polled.tasks.get(loop.referral.parentTask);
  const results = loop.results.filter(
    (result) => result.resourceType === 'Observation' && !polled.results.has(result.id ?? ''),
  );
  return [
    ...(seen?.version === loop.taskVersion
      ? []
      : [`${loop.number}: the polling GP system has not seen the newest Task`]),
    ...results.map(() => `${loop.number}: the polling GP system has not seen a result`),
  ];
}

/** Referrals of people who are in no loop at all: they were never acknowledged either. */
export function findMissing(evidence: Evidence): string[] {
  return evidence.people
    .filter((person) => loopOf(person, evidence) === undefined)
    .map((person) => `${referralNumber(person)} is not in the record`);
}
