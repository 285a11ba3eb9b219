import type { IssueType } from '../finding.ts';

/** One fault that somebody else's OperationOutcome names: kind and place only, for its words can repeat values of a message. */
export interface OutcomeFault {
  readonly code: IssueType;
  /** A plain path of names and indexes. */
  readonly place?: string;
}

type Node = Readonly<Record<string, unknown>>;

const MAX_FAULTS = 20;
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

/** The faults of an OperationOutcome that nothing has checked yet; warnings and what went well are none. */
export function outcomeFaults(outcome: unknown): OutcomeFault[] {
  return list(node(outcome)['issue'])
    .map(node)
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .slice(0, MAX_FAULTS)
    .map((issue) => {
      const place = list(issue['expression']).find(isPath);
      return { code: isIssueType(issue['code']) ? issue['code'] : 'processing', ...(place !== undefined && { place }) };
    });
}

function isIssueType(code: unknown): code is IssueType {
  return typeof code === 'string' && ISSUE_TYPES.has(code);
}

/** Names and indexes only, so that no value can hide in it. */
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
