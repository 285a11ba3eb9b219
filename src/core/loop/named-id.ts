import { v5 } from 'uuid';
import { FHIR_BASE } from '../referral.ts';

const NAMESPACE = v5(FHIR_BASE, v5.URL);

/**
 * A UUID that is a function of its parts (RFC 9562 §5.5, version 5): whoever computes it again, after a crash or a
 * repeated message, names the same thing. Parts are joined so that no two lists of parts are written the same.
 */
export function namedId(...parts: readonly (string | number)[]): string {
  return v5(JSON.stringify(parts), NAMESPACE);
}
