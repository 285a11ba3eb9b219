/**
 * What identifies a patient, as categories of elements of the R4 Patient. A mapping says in `discloses` which of them it
 * may read (UK GDPR article 5(1)(c): no more than is needed).
 */
const BY_ELEMENT: ReadonlyMap<string, string> = new Map([
  ['name', 'name'],
  ['identifier', 'identifier'],
  ['birthDate', 'birthDate'],
  ['gender', 'gender'],
  ['telecom', 'telecom'],
  ['address', 'address'],
  ['contact', 'contact'],
  ['photo', 'photo'],
  ['maritalStatus', 'maritalStatus'],
  ['communication', 'communication'],
  ['deceased', 'deceased'],
  ['multipleBirth', 'multipleBirth'],
  // The narrative repeats everything; extensions hold ethnic category and the like.
  ['text', 'text'],
  ['extension', 'extension'],
]);

/** Identifiers narrowed with `where(system = %nhsNumber)`: all other identifiers are of the category `identifier`. */
export const NHS_NUMBER = 'nhsNumber';

export const DISCLOSURES: readonly string[] = [NHS_NUMBER, ...BY_ELEMENT.values()];

/** The category that an element of Patient belongs to; undefined for what identifies nobody. */
export function disclosureOf(element: string): string | undefined {
  return BY_ELEMENT.get(element);
}
