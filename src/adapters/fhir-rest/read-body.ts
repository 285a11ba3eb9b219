import type { Finding } from '../../core/finding.ts';
import { readJson } from '../../core/json/strict-json.ts';
import { bodyFormat } from './negotiate.ts';
import { xmlToFhirJson } from './xml.ts';

/** `content` is FHIR JSON whatever came; absent when it could not be read. */
export interface BodyReading {
  readonly content?: unknown;
  readonly findings: readonly Finding[];
}

/** Reads a request's body as its Content-Type says. What is wrong with it is a finding, never an exception. */
export function readBody(
  body: Uint8Array,
  contentType: string | undefined,
  limits: { readonly maxDepth: number; readonly maxNodes: number },
): BodyReading {
  const format = bodyFormat(contentType);
  if (typeof format === 'object') return { findings: [format] };
  if (format === 'xml') return xmlToFhirJson(body, limits.maxNodes);
  const { value, findings } = readJson(body, limits);
  return value === undefined ? { findings } : { content: value, findings };
}
