/**
 * Identifiers of SNOMED CT's own metadata that reading a release cannot do without: they say what a row means and are no
 * clinical content (SNOMED CT Release File Specifications, "Metadata Hierarchy").
 */
export const IS_A = '116680003';
export const FULLY_SPECIFIED_NAME = '900000000000003001';
export const SYNONYM = '900000000000013009';
export const PREFERRED = '900000000000548007';
export const GB_ENGLISH = '900000000000508004';

/** What replaces an inactive concept, by historical association reference set, with FHIR's equivalence (R4 snomedct.html §4.3.1.0.7). */
export const HISTORICAL: ReadonlyMap<string, { readonly name: string; readonly equivalence: string }> = new Map([
  ['900000000000527005', { name: 'SAME AS', equivalence: 'equal' }],
  ['900000000000526001', { name: 'REPLACED BY', equivalence: 'equivalent' }],
  ['900000000000523009', { name: 'POSSIBLY EQUIVALENT TO', equivalence: 'inexact' }],
  ['900000000000530003', { name: 'ALTERNATIVE', equivalence: 'inexact' }],
  ['900000000000528000', { name: 'WAS A', equivalence: 'inexact' }],
  ['900000000000524003', { name: 'MOVED TO', equivalence: 'inexact' }],
]);
/** Definition status: its relationships are necessary but do not define it. */
export const PRIMITIVE = '900000000000074008';
