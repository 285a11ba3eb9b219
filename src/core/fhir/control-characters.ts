import type { Finding } from '../finding.ts';
import { checkCharacters } from './primitives.ts';

/**
 * Every text at or below `at` that holds characters which no text of FHIR R4 may hold. The structural check of a whole resource says
 * the same by the same rule; this is for what is made by a mapping and is not checked as a whole.
 */
export function controlCharacters(content: unknown, at: string): Finding[] {
  const found: Finding[] = [];
  visit(content, at, found);
  return found;
}

function visit(node: unknown, at: string, found: Finding[]): void {
  if (typeof node === 'string') {
    const fault = checkCharacters('string', node);
    if (fault !== undefined) found.push({ severity: 'error', place: { expression: at }, ...fault });
  } else if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) visit(item, `${at}[${index}]`, found);
  } else if (typeof node === 'object' && node !== null) {
    for (const [name, value] of Object.entries(node)) visit(value, `${at}.${name}`, found);
  }
}
