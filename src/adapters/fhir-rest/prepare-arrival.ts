import { fhirSizeFindings } from '../../core/fhir/referral-size.ts';
import type { Answer } from '../../core/message.ts';
import type { Arrival, Verdict } from '../../ports.ts';
import type { Tongue } from './answer.ts';
import type { Asking } from './asks.ts';
import type { FhirRouterParts } from './call.ts';
import type { Preference } from './prefer.ts';
import type { BodyReading } from './read-body.ts';
import { readOriginal } from './render-message.ts';
import { renderVerdict } from './render-verdict.ts';

/** What came, whichever way: its bytes, what they say, and what was wrong with them so far. */
export interface Came extends Omit<Arrival, 'content' | 'ask'> {
  readonly reading: BodyReading;
}

/** What is wanted with it, and how its sender is spoken to. */
interface Wish {
  readonly askOf: (content: unknown) => Asking;
  readonly tongue: Tongue;
  readonly prefer: Preference;
}

export type PreparingParts = Pick<FhirRouterParts, 'baseUrl' | 'clock' | 'ids'> & {
  readonly limits: Parameters<typeof fhirSizeFindings>[1];
};

/** Makes of FHIR that came what the road takes, with the words in which its sender is answered. */
export function prepareArrival({ reading, ...came }: Came, { askOf, tongue, prefer }: Wish, parts: PreparingParts) {
  const { ask, findings } = askOf(reading.content);
  const size = fhirSizeFindings(reading.content, parts.limits, ask.kind === 'fhir-update');
  const arrival: Arrival = {
    ...came,
    ...(reading.content !== undefined && { content: reading.content }),
    findings: [...reading.findings, ...size, ...findings, ...came.findings],
    ask,
  };
  // Made here, so that putting the verdict into words stays a pure function of what it is given.
  const given = { at: parts.clock.now().toISOString(), bundleId: parts.ids.next(), headerId: parts.ids.next() };
  const wording = { ask, tongue, prefer, baseUrl: parts.baseUrl, given, original: readOriginal(reading.content) };
  return { arrival, render: (verdict: Verdict): Answer => renderVerdict(verdict, wording) };
}
