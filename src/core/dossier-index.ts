import type { FhirResource } from 'fhir/r4.js';
import type { Dossier } from './referral.ts';

type ByName = ReadonlyMap<string, FhirResource>;

/** A dossier is never changed, only followed by another; so what was found in one stays true, and goes with it. */
const KNOWN = new WeakMap<Dossier, ByName>();

/**
 * The resources of a dossier by `Type/id`. Made once for each dossier: searching its entries anew for every reference takes
 * time by the square of its size.
 */
export function byName(dossier: Dossier): ByName {
  const known = KNOWN.get(dossier);
  if (known !== undefined) return known;
  const made = new Map<string, FhirResource>();
  for (const { resource } of dossier.entry ?? []) {
    if (resource === undefined) continue;
    const name = `${resource.resourceType}/${resource.id}`;
    // The first of a name counts, as it would when looking for it from the start.
    if (!made.has(name)) made.set(name, resource);
  }
  KNOWN.set(dossier, made);
  return made;
}
