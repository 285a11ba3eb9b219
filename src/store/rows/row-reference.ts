import type { Reference } from '../../ports-changes.ts';
import { type Bindings, optionalText, type Row, text, withoutAbsent, word } from './row.ts';

const KINDS: Record<Reference['kind'], true> = {
  referral: true,
  'platform-reference': true,
  resource: true,
  correlation: true,
  'control-id': true,
};

export function toReference(row: Row): Reference {
  return withoutAbsent({
    partner: text(row, 'partner'),
    kind: word(row, 'kind', KINDS),
    value: text(row, 'value'),
    referral: text(row, 'referral'),
    task: optionalText(row, 'task'),
  });
}

export function fromReference(reference: Reference): Bindings {
  const { partner, kind, value, referral, task } = reference;
  return { partner, kind, value, referral, task: task ?? null };
}
