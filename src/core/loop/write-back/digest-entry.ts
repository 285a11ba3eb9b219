import type { Observation, Reference } from 'fhir/r4.js';
import { type Dossier, ENTRY_ID_SYSTEM, SNOMED_SYSTEM } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { namedId } from '../named-id.ts';
import { stateRow } from '../states.ts';
import { eventWords, performersOf } from './gp-entry.ts';

/**
 * Several events as one entry in the GP's record: a line for each, with its day, what happened, and who said so. Its identifier
 * is a function of the events that it tells. The newest is its date.
 */
export function digestEntry(events: readonly LoopEvent[], dossier: Dossier): Observation {
  const last = events.at(-1);
  if (last === undefined) throw new Error('a summary of nothing');
  const id = namedId('digest', ...events.map((event) => event.id));
  const performer = distinct(events.flatMap((event) => (event.by === 'hearback' ? [] : performersOf(event, dossier))));
  return {
    resourceType: 'Observation',
    id,
    identifier: [{ system: ENTRY_ID_SYSTEM, value: id }],
    status: 'final',
    code: { text: 'Social prescribing: summary' },
    effectiveDateTime: last.at,
    ...(performer.length > 0 && { performer }),
    note: [{ text: events.map((event) => line(event, dossier)).join('\n') }],
  };
}

function line(event: LoopEvent, dossier: Dossier): string {
  const words = eventWords(event, dossier)
    .join(' ')
    .replace(/\s*\n\s*/g, ' ');
  return `${event.at.slice(0, 10)} ${stateRow(event.kind).display}. ${words}`;
}

function distinct(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((one) => [JSON.stringify(one), one])).values()];
}

/**
 * The national referral code, where Hearback is the one who writes it. Its identifier is a function of the referral alone, so
 * the record has it once an episode, however many platforms accept and however often it is sent.
 */
export function episodeEntry(accepted: Pick<LoopEvent, 'referral' | 'at'>): Observation {
  const row = stateRow('requested');
  const id = namedId('episode', accepted.referral);
  return {
    resourceType: 'Observation',
    id,
    identifier: [{ system: ENTRY_ID_SYSTEM, value: id }],
    status: 'final',
    code: {
      ...(row.code && { coding: [{ system: SNOMED_SYSTEM, ...row.code }] }),
      text: 'Referred to social prescribing',
    },
    effectiveDateTime: accepted.at,
  };
}
