import { nearestName } from '../core/fhir/model-nearest.ts';

/** ` Did you mean "port"?`, or nothing when no candidate is near. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const meant = nearestName(written, candidates);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}
