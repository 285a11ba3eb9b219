import type { Finding, IssueType } from '../../core/finding.ts';
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
const ISSUE_TYPES: ReadonlySet<string> = new Set<IssueType>([
  ...([
    'structure',
    'required',
    'value',
    'invariant',
    'code-invalid',
    'not-supported',
    'not-found',
    'duplicate',
  ] as const),
  ...(['conflict', 'too-long', 'too-costly', 'business-rule', 'security', 'login', 'forbidden', 'throttled'] as const),
  ...(['transient', 'timeout', 'exception', 'processing', 'informational'] as const),
]);

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
    failed: issues.some(isFault),
    codes: issues.flatMap(({ code }) => (typeof code === 'string' ? [code] : [])),
    findings: outcomeFindings(outcome, undefined),
  };
}

/** The receiver's faults by kind and place. Its own words stay in the kept reply: they may repeat what we wrote. */
function outcomeFindings(outcome: Node, at: string | undefined): Finding[] {
  return list(outcome['issue'])
    .map(node)
    .filter(isFault)
    .slice(0, MAX_FINDINGS)
    .map((issue) => {
      const expression = list(issue['expression']).find(isPath) ?? at;
      const code = codeOf(issue);
      return {
        severity: 'error',
        rule: 'fhir-outlet/issue',
        place: { ...(expression !== undefined && { expression }) },
        message: `The GP system names a fault of the kind "${code}".`,
        remedy: 'Read its answer in the message log, mend the cause, then retry the hold.',
        issue: code,
      };
    });
}

function isFault({ severity }: Node): boolean {
  return severity === 'error' || severity === 'fatal';
}

function codeOf({ code }: Node): IssueType {
  return isIssueType(code) ? code : 'processing';
}

function isIssueType(code: unknown): code is IssueType {
  return typeof code === 'string' && ISSUE_TYPES.has(code);
}

/** A plain path: names and indexes only, so that no value can hide in it. */
function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z][A-Za-z]{1,60}(\.[a-z][A-Za-z]{0,60}(\[\d{1,4}\])?){0,20}$/.test(value);
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
