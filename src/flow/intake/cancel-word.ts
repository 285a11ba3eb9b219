import type { Task } from 'fhir/r4.js';
import type { EventKind } from '../../core/loop/event.ts';

/**
 * What a referrer's "cancel" is, whichever way it was said. Before anybody began, the referrer's word ends it (Gravity:
 * requested or accepted to cancelled). Once somebody is at work it is a request, which the platform confirms or refuses
 * (HL7 Clinical Order Workflows): completion may win the race.
 */
export function cancelWord(status: Task['status']): EventKind {
  return status === 'in-progress' || status === 'on-hold' ? 'cancel-requested' : 'cancelled';
}
