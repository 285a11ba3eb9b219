import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import { toOperationOutcome } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/message.ts';
import type { StoredResource } from '../../core/referral.ts';
import type { Ask, Verdict } from '../../ports.ts';
import { bareAnswer, outcomeAnswer, resourceAnswer, type Tongue } from './answer.ts';
import type { Preference } from './prefer.ts';
import { messageResponse, type OriginalMessage } from './render-message.ts';
import { etag, versionHeaders } from './version-tag.ts';

/** Everything besides the verdict that decides the words of the answer. */
interface Wording {
  readonly ask: Ask;
  readonly tongue: Tongue;
  readonly prefer: Preference;
  readonly baseUrl: string;
  readonly given: { readonly at: string; readonly bundleId: string; readonly headerId: string };
  readonly original: OriginalMessage;
}

type Accepted = Extract<Verdict, { kind: 'accepted' }>;

/** Puts the road's verdict into FHIR, as this sender speaks it. Pure: its bytes are recorded with the message. */
export function renderVerdict(verdict: Verdict, wording: Wording): Answer {
  switch (verdict.kind) {
    case 'refused':
      return outcomeAnswer(verdict.status, verdict.findings, wording.tongue);
    case 'conflict':
      return outcomeAnswer(409, verdict.findings, wording.tongue);
    case 'repeat':
      return renderRepeat(verdict.answer, wording.tongue);
    case 'accepted':
      return renderAccepted(verdict, wording);
  }
}

/**
 * BaRS core guide, Transactional integrity: what was processed before is answered 409 with the issue code `duplicate`, which
 * its senders take as success; what was refused before is refused again in the same words.
 */
function renderRepeat(first: Answer, tongue: Tongue): Answer {
  return tongue.dialect === 'bars' && first.status < 400 ? outcomeAnswer(409, [duplicate()], tongue) : first;
}

function renderAccepted(verdict: Accepted, wording: Wording): Answer {
  switch (wording.ask.kind) {
    case 'fhir-transaction':
      return renderTransaction(verdict, wording);
    case 'fhir-message':
      return renderMessage(verdict, wording);
    case 'fhir-create':
      return renderCreate(verdict, wording, wording.ask.type);
    case 'fhir-update':
      return renderOne(200, { stored: sole(verdict, wording.ask.type), findings: verdict.findings }, wording);
    case 'fhir-acknowledgement':
      return outcomeAnswer(200, verdict.findings, wording.tongue);
    case 'platform-report':
    case 'hl7v2-message':
    case 'hl7v2-acknowledgement':
      throw new Error(`${wording.ask.kind} does not come in through the FHIR endpoint`);
  }
}

/** R4 http §3.1.0.11.4: one entry for each of the request, in its order. Warnings stand in the entry they speak of. */
function renderTransaction({ resources, findings }: Accepted, wording: Wording): Answer {
  const entry = resources.map((stored, index): BundleEntry<FhirResource> => {
    const said = findings.filter((finding) => entryOf(finding, resources.length) === index);
    return {
      ...(wording.prefer.return === 'representation' && { resource: stored.resource }),
      response: {
        status: '201 Created',
        location: locationOf(stored),
        etag: etag(stored),
        lastModified: stored.lastUpdated,
        ...(said.length > 0 && { outcome: toOperationOutcome(said, wording.tongue.dialect) }),
      },
    };
  });
  const bundle: Bundle<FhirResource> = {
    resourceType: 'Bundle',
    id: wording.given.bundleId,
    type: 'transaction-response',
    entry,
  };
  return resourceAnswer(200, bundle, wording.tongue.format);
}

/** The entry a finding speaks of; the first for what concerns the whole. */
function entryOf({ place }: Finding, entries: number): number {
  const index = Number(/^Bundle\.entry\[(\d+)\]/.exec(place.expression ?? '')?.[1] ?? 0);
  return index < entries ? index : 0;
}

function renderMessage({ resources, findings }: Accepted, { tongue, baseUrl, given, original }: Wording): Answer {
  const outcome = findings.length === 0 ? {} : { outcome: toOperationOutcome(findings, tongue.dialect) };
  const bundle = messageResponse({ original, baseUrl, given, stored: resources, ...outcome });
  return resourceAnswer(200, bundle, tongue.format);
}

function renderCreate(verdict: Accepted, wording: Wording, type: string): Answer {
  const stored = sole(verdict, type);
  const location = `${wording.baseUrl}/${locationOf(stored)}`;
  return renderOne(201, { stored, findings: verdict.findings, location }, wording);
}

interface Written {
  readonly stored: StoredResource;
  readonly findings: readonly Finding[];
  readonly location?: string;
}

/** As `Prefer: return=…` asks; the resource when it does not. Warnings are shown with return=OperationOutcome. */
function renderOne(status: number, { stored, findings, location }: Written, { tongue, prefer }: Wording): Answer {
  const headers = { ...(location !== undefined && { location }), ...versionHeaders(stored) };
  if (prefer.return === 'minimal') return bareAnswer(status, headers);
  if (prefer.return === 'OperationOutcome') return outcomeAnswer(status, findings, tongue, headers);
  return resourceAnswer(status, stored.resource, tongue.format, headers);
}

function sole({ resources }: Accepted, type: string): StoredResource {
  const stored = resources.find((resource) => resource.type === type);
  if (stored === undefined) throw new Error(`an accepted ${type} was not among what was stored`);
  return stored;
}

function locationOf({ type, id, version }: StoredResource): string {
  return `${type}/${id}/_history/${version}`;
}

function duplicate(): Finding {
  return {
    severity: 'error',
    rule: 'identity/duplicate',
    place: { expression: 'X-Request-Id' },
    message: 'This message was received and processed before.',
    remedy: 'Nothing needs to be done: the first one had its effect. Give another message another id.',
    issue: 'duplicate',
  };
}
