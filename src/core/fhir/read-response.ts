import type { Finding } from '../finding.ts';
import { type OutcomeFault, outcomeFaults } from './outcome-faults.ts';

/** What a receiver says, in a message of its own, of a message that it was sent (R4 MessageHeader.response). */
export interface MessageResponse {
  /** Which message is answered. */
  readonly answers: string;
  /** R4 valueset-response-code. */
  readonly code: 'ok' | 'transient-error' | 'fatal-error';
  readonly faults: readonly OutcomeFault[];
}

type Node = Readonly<Record<string, unknown>>;

const CODES = ['ok', 'transient-error', 'fatal-error'] as const;
/** R4 datatypes §2.24.0.1: an id. */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** Whether this is a message Bundle that answers another one. */
export function isResponse(content: unknown): boolean {
  const bundle = node(content);
  return bundle['resourceType'] === 'Bundle' && bundle['type'] === 'message' && 'response' in header(content);
}

/** Undefined when it does not say what it answers, or with what. */
export function readResponse(content: unknown): MessageResponse | undefined {
  const response = node(header(content)['response']);
  const code = CODES.find((one) => one === response['code']);
  const answers = response['identifier'];
  if (code === undefined || typeof answers !== 'string' || !ID.test(answers)) return undefined;
  const outcomes = resources(content).filter(({ resourceType }) => resourceType === 'OperationOutcome');
  return { answers, code, faults: outcomes.flatMap(outcomeFaults) };
}

/** What a refusal says, as findings: kind and place from the receiver, the words ours. */
export function responseFindings({ code, faults }: MessageResponse): Finding[] {
  const told = faults.map(
    (fault): Finding => ({
      severity: 'error',
      rule: 'fhir/answered',
      place: fault.place === undefined ? {} : { expression: fault.place },
      message: `The receiver answers ${code} and names a fault of the kind "${fault.code}".`,
      remedy: 'Read the answer in the message log; mend the cause or ask the receiver, and send it again.',
      issue: fault.code,
    }),
  );
  return told.length > 0 ? told : [noReason(code)];
}

function noReason(code: string): Finding {
  return {
    severity: 'error',
    rule: 'fhir/answered',
    place: {},
    message: `The receiver answers ${code} and names no fault.`,
    remedy: 'Read the answer in the message log; ask the receiver, and send it again.',
    issue: 'processing',
  };
}

/** R4 messaging §2.4.3: the header is the first entry. */
function header(content: unknown): Node {
  const [first = {}] = resources(content);
  return first['resourceType'] === 'MessageHeader' ? first : {};
}

function resources(content: unknown): Node[] {
  const entry = node(content)['entry'];
  return Array.isArray(entry) ? entry.map((one) => node(node(one)['resource'])) : [];
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
