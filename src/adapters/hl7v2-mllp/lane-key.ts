import type { Hl7Message } from '../../core/hl7v2/message.ts';

/**
 * What must not overtake each other. A safety decision: two messages about one patient that change places can cancel what was
 * meant to stand. `nhs-number`: the patient's; `partner`: everything a partner sends; else a place like `PV1-19.1`.
 */
export type LaneRule = 'nhs-number' | 'partner' | (string & {});

/**
 * The key of a message's lane among its partner's. A message without what its rule looks for shares the partner's lane for
 * those: unknown is no reason to overtake.
 */
export function laneKey(message: Hl7Message | undefined, rule: LaneRule): string {
  if (message === undefined || rule === 'partner') return '';
  return (rule === 'nhs-number' ? nhsNumberOf(message) : valueAt(message, rule)) ?? '';
}

/**
 * Whether a message must overtake nothing of its partner's and be overtaken by nothing: one that says of two patients that they
 * are one (MRG). Whose lane the other patient's messages are in it often cannot say, because it knows them by a number of its own.
 */
export function mustBeAlone(message: Hl7Message | undefined): boolean {
  return message?.first('MRG') !== undefined;
}

/** Wherever sites put it: by the authority (CX-4) or the type (CX-5) of each identifier, never by position; PID-2 and PID-3. */
function nhsNumberOf(message: Hl7Message): string | undefined {
  const pid = message.first('PID');
  for (const field of [3, 2]) {
    const count = pid?.repetitions(field).length ?? 0;
    for (let repetition = 1; repetition <= count; repetition += 1) {
      const [authority, type] = [pid?.value(field, 4, repetition), pid?.value(field, 5, repetition)];
      const number = pid?.value(field, 1, repetition)?.replace(/\s/g, '');
      if (number !== undefined && (authority === 'NHS' || type === 'NHS' || type === 'NH')) return number;
    }
  }
  return undefined;
}

function valueAt(message: Hl7Message, place: string): string | undefined {
  const [segment = '', field = '1', component = '1'] = place.split(/[-.]/);
  return message.value(segment, Number(field), Number(component));
}
