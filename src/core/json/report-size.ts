import type { Finding } from '../finding.ts';
import { type SizeWording, sizeFindings } from './size-limits.ts';

const MAX_POINTER = 300;

const POINTER: SizeWording = {
  family: 'json',
  root: '',
  member: (at, name) => pointer(at, name),
  item: (at, index) => pointer(at, String(index)),
};

/** What makes a platform's report too large, each place a JSON Pointer (RFC 6901), cut where it is long: it came from outside. */
export function reportSizeFindings(
  content: unknown,
  { maxItems, maxNodes }: { readonly maxItems: number; readonly maxNodes: number },
): Finding[] {
  return sizeFindings(content, { itemsOf: () => maxItems, maxNodes }, POINTER);
}

function pointer(at: string, step: string): string {
  return `${at}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`.slice(0, MAX_POINTER);
}
