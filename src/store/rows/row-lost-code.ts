import type { LostCode } from '../../core/loop/read-back/lost-code.ts';
import type { Bindings } from './row.ts';
import { integer, optionalText, type Row, text, withoutAbsent } from './row.ts';

export function toLostCode(row: Row): LostCode {
  return withoutAbsent({
    partner: text(row, 'partner'),
    system: text(row, 'system'),
    code: text(row, 'code'),
    firstSeen: text(row, 'first_seen'),
    firstLeg: text(row, 'first_leg'),
    lastSeen: text(row, 'last_seen'),
    lastLeg: text(row, 'last_leg'),
    times: integer(row, 'times'),
    keptSince: optionalText(row, 'kept_since'),
  });
}

export function fromLostCode({ keptSince, ...code }: LostCode): Bindings {
  return { ...code, keptSince: keptSince ?? null };
}
