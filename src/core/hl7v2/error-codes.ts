import type { Finding, IssueType } from '../finding.ts';
import { readPlace } from './place.ts';

/** A code of table HL70357 "Message error condition codes", with its text (HL7 v2.5.1, 2.17.5). */
export interface ErrorCode {
  readonly code: string;
  readonly text: string;
}

const TEXTS = {
  '0': 'Message accepted',
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '104': 'Value too long',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '206': 'Application record locked',
  '207': 'Application internal error',
} as const;

type Code = keyof typeof TEXTS;

/** What is not supported is told apart by the field of the header that says it. */
const BY_HEADER: Readonly<Record<string, Code>> = { '9.2': '201', '11': '202', '12': '203' };

const BY_ISSUE: Readonly<Record<IssueType, Code>> = {
  structure: '100',
  required: '101',
  value: '102',
  invariant: '102',
  'code-invalid': '103',
  'too-long': '104',
  'too-costly': '104',
  // Of the header it is told apart below; what else is not done here is a rule like others, and its sender is not to look at MSH-9.
  'not-supported': '102',
  'not-found': '204',
  duplicate: '205',
  conflict: '205',
  // The table has no word for a rule of the field. What is here is refused for good, so it must be none that means "send it again".
  'business-rule': '102',
  processing: '102',
  forbidden: '102',
  // Who sends is not known by MSH-3 and MSH-4.
  security: '204',
  login: '204',
  // Faults of our own, and there alone: senders read 207 as "the same again, later".
  exception: '207',
  transient: '207',
  timeout: '207',
  throttled: '207',
  informational: '0',
};

/**
 * The code that says what kind of error a finding is. 207 is for what the same bytes may get past later; a refusal that the table has
 * no word for is 102, and ERR-5, ERR-7 and ERR-8 say which rule it is.
 */
export function errorCodeOf({ issue = 'processing', place, severity }: Finding): ErrorCode {
  const where = readPlace(place.expression);
  if (severity === 'information') return coded('0');
  if (issue === 'required' && where?.field === undefined) return coded(where === undefined ? '101' : '100');
  if (issue === 'not-supported' && where?.segment === 'MSH') return coded(headerCode(where) ?? '200');
  return coded(BY_ISSUE[issue]);
}

function headerCode({ field, component }: { field?: number; component?: number }): Code | undefined {
  return BY_HEADER[component === undefined ? `${field}` : `${field}.${component}`] ?? BY_HEADER[`${field}`];
}

function coded(code: Code): ErrorCode {
  return { code, text: TEXTS[code] };
}
