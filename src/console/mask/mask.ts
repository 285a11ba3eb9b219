import type { ConsoleRole } from '../../ports-console.ts';

/** What says who a patient is, or something about them. `message`: whatever stands in a message as it came. */
export type PatientField = 'name' | 'nhsNumber' | 'birthDate' | 'contact' | 'notes' | 'message';

/** Who may ever see it. An operator finds out who owes what, and rings up the practice: notes and addresses are not needed for that. */
const OPEN_TO: Readonly<Record<PatientField, readonly ConsoleRole[]>> = {
  name: ['auditor', 'engineer', 'operator'],
  nhsNumber: ['auditor', 'engineer', 'operator'],
  birthDate: ['auditor', 'engineer', 'operator'],
  contact: ['auditor', 'engineer'],
  notes: ['auditor', 'engineer'],
  message: ['auditor', 'engineer'],
};

/** What a page shows in the place of a value. */
export interface MaskedValue {
  readonly text: string;
  readonly masked: boolean;
}

export function mayUnmask(field: PatientField, roles: readonly ConsoleRole[]): boolean {
  return OPEN_TO[field].some((role) => roles.includes(role));
}

/** The value itself only where it was asked for and the role may see it. */
export function maskedValue(
  field: PatientField,
  value: string,
  { unmasked, roles }: { readonly unmasked: boolean; readonly roles: readonly ConsoleRole[] },
): MaskedValue {
  if (unmasked && mayUnmask(field, roles)) return { text: value, masked: false };
  return { text: MASKS[field](value), masked: true };
}

/** Enough to see that two are not the same, and not enough to know who it is. */
const MASKS: Readonly<Record<PatientField, (value: string) => string>> = {
  name: initials,
  nhsNumber: (value) => (value.length > 6 ? `ends in ${value.slice(-3)}` : 'hidden'),
  birthDate: (value) => (/^\d{4}/.test(value) ? `born in ${value.slice(0, 4)}` : 'hidden'),
  contact: () => 'hidden',
  notes: (value) => `hidden, ${[...value].length} characters`,
  message: (value) => `hidden, ${[...value].length} characters`,
};

function initials(name: string): string {
  const letters = name.split(/[\s,]+/).flatMap((part) => /\p{L}/u.exec(part)?.[0] ?? []);
  // A single word may be all of a name: its letter says little, and more than one stands for nobody in particular.
  return letters.length === 0
    ? 'hidden'
    : letters
        .slice(0, 4)
        .map((letter) => `${letter.toUpperCase()}.`)
        .join(' ');
}
