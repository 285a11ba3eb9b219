import { outcomeFaults } from '../../core/fhir/outcome-faults.ts';
import type { Finding } from '../../core/finding.ts';
import { readJson } from '../../core/json/strict-json.ts';
import type { Reply } from '../../ports.ts';
import { bodyFormat } from './negotiate.ts';
import { xmlToFhirJson } from './xml.ts';

/** The parts of a FHIR answer that decide what became of a delivery. */
export type ReplyResource =
  | { readonly kind: 'transaction'; readonly statuses: readonly number[]; readonly findings: readonly Finding[] }
  | { readonly kind: 'message'; readonly code: string }
  | {
      readonly kind: 'outcome';
      readonly failed: boolean;
      readonly codes: readonly string[];
      readonly findings: readonly Finding[];
    }
  /** FHIR, but nothing that answers. */
  | { readonly kind: 'other' }
  | { readonly kind: 'none' };

type Node = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 50;
const MAX_FINDINGS = 20;
/** Reads a receiver's answer. What is no FHIR, or cannot be read, is `none`: perhaps it was not the receiver who answered. */
export function replyResource({ contentType, body }: Reply): ReplyResource {
  if (body.length === 0 || typeof bodyFormat(contentType) === 'object') return { kind: 'none' };
  const format = bodyFormat(contentType);
  const content = node(format === 'xml' ? xmlToFhirJson(body).content : readJson(body, { maxDepth: MAX_DEPTH }).value);
  switch (content['resourceType']) {
    case 'Bundle':
      return readBundle(content);
    case 'OperationOutcome':
      return readOutcome(content);
    default:
      return { kind: typeof content['resourceType'] === 'string' ? 'other' : 'none' };
  }
}

function readBundle(bundle: Node): ReplyResource {
  const entries = list(bundle['entry']).map(node);
  if (bundle['type'] === 'message') {
    const code = node(node(entries[0]?.['resource'])['response'])['code'];
    return typeof code === 'string' ? { kind: 'message', code } : { kind: 'other' };
  }
  if (bundle['type'] !== 'transaction-response' && bundle['type'] !== 'batch-response') return { kind: 'other' };
  const responses = entries.map((entry) => node(entry['response']));
  const findings = responses.flatMap((response, index) => entryFindings(response, index));
  return { kind: 'transaction', statuses: responses.map(statusOf), findings: findings.slice(0, MAX_FINDINGS) };
}

/** `201 Created`: the number in front; 0 when there is none. */
function statusOf(response: Node): number {
  return Number(/^\d{3}/.exec(String(response['status'] ?? ''))?.[0] ?? 0);
}

function entryFindings(response: Node, index: number): Finding[] {
  const status = statusOf(response);
  if (status >= 200 && status < 300) return [];
  const at = `Bundle.entry[${index}]`;
  const told = outcomeFindings(node(response['outcome']), at);
  return [
    {
      severity: 'error',
      rule: 'fhir-outlet/entry-refused',
      place: { expression: at },
      message: `The GP system answered ${status === 0 ? 'without a status' : status} to this entry.`,
      remedy: 'Compare what was written with what the GP system accepts, then retry the hold.',
    },
    ...told,
  ];
}

function readOutcome(outcome: Node): ReplyResource {
  const issues = list(outcome['issue']).map(node);
  return {
    kind: 'outcome',
    failed: outcomeFaults(outcome).length > 0,
    codes: issues.flatMap(({ code }) => (typeof code === 'string' ? [code] : [])),
    findings: outcomeFindings(outcome, undefined),
  };
}

/** The receiver's faults by kind and place. Its own words stay in the kept reply: they may repeat what we wrote. */
function outcomeFindings(outcome: Node, at: string | undefined): Finding[] {
  return outcomeFaults(outcome).map(({ code, place = at }) => ({
    severity: 'error',
    rule: 'fhir-outlet/issue',
    place: { ...(place !== undefined && { expression: place }) },
    message: `The GP system names a fault of the kind "${code}".`,
    remedy: 'Read its answer in the message log, mend the cause, then retry the hold.',
    issue: code,
  }));
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
