import type { OperationOutcome, Resource } from 'fhir/r4.js';
import { type OutcomeDialect, toOperationOutcome } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/message.ts';
import { CONTENT_TYPE, type Format } from './negotiate.ts';
import { fhirJsonToXml } from './xml.ts';

/** How one caller is spoken to. */
export interface Tongue {
  readonly format: Format;
  readonly dialect: OutcomeDialect;
}

type Headers = Readonly<Record<string, string>>;

/** An answer whose body is one resource. Not to be kept by anybody on its way: it is about a patient. */
export function resourceAnswer(
  status: number,
  resource: Resource | OperationOutcome,
  format: Format,
  headers: Headers = {},
): Answer {
  const text = format === 'xml' ? fhirJsonToXml(resource) : JSON.stringify(resource);
  return {
    status,
    headers: { 'content-type': CONTENT_TYPE[format], 'cache-control': 'no-store', ...headers },
    body: Buffer.from(text),
  };
}

/** An answer without a body. */
export function bareAnswer(status: number, headers: Headers = {}): Answer {
  return { status, headers: { 'cache-control': 'no-store', ...headers }, body: new Uint8Array() };
}

/** An answer whose body is the findings as an OperationOutcome. */
export function outcomeAnswer(
  status: number,
  findings: readonly Finding[],
  tongue: Tongue,
  headers: Headers = {},
): Answer {
  return resourceAnswer(status, toOperationOutcome(findings, tongue.dialect, status), tongue.format, headers);
}

/** What the HTTP listener refuses by itself (too large, too slow, too often), said as FHIR says it. */
export function renderRefusal(refusal: {
  readonly status: number;
  readonly finding: Finding;
}): Pick<Answer, 'headers' | 'body'> {
  return outcomeAnswer(refusal.status, [refusal.finding], { format: 'json', dialect: 'plain' });
}
