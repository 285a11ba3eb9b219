import { nhsNumberCheckDigit } from '../../src/core/fhir/nhs-number.ts';
import { NHS_NUMBER, transactionReferral } from '../../test/fixtures/fhir/referral-bundle.ts';

/**
 * What the partners of the loop benchmark say. Everything that names a loop is made from its NHS number, so that either end
 * knows which loop a message belongs to without keeping anything.
 */

const NUMBERS = 1_000_000;

/** The number of a loop's patient: of the range kept for tests, another one for each place. */
export function nhsNumberOf(place: number): string {
  for (let body = place % NUMBERS; ; body = (body + 1) % NUMBERS) {
    const nine = `999${String(body).padStart(6, '0')}`;
    const digit = nhsNumberCheckDigit(nine);
    if (digit !== undefined) return `${nine}${digit}`;
  }
}

/** The places of valid numbers, from one on: a number without a check digit leaves its place out. */
export function* places(from = 0): Generator<number> {
  for (let place = from; ; place += 1) {
    if (nhsNumberCheckDigit(`999${String(place % NUMBERS).padStart(6, '0')}`) !== undefined) yield place;
  }
}

/** The first NHS number in a message; an empty text when there is none. */
export function nhsNumberIn(text: string): string {
  return /\b999\d{7}\b/.exec(text)?.[0] ?? '';
}

/** How the entries of a referral begin their `urn:uuid:` names: the fixture's are the same for everybody. */
export function entryPrefix(nhsNumber: string): string {
  return `${nhsNumber.slice(0, 8)}-${nhsNumber.slice(8)}00`;
}

const REFERRAL = JSON.stringify(transactionReferral());
const TEMPLATE: (nhsNumber: string) => string = template();

/** A referral as GP systems post one: a transaction with the request, the patient, who asks, the consent and the practice's own Task. */
export function referralOf(nhsNumber: string): string {
  return TEMPLATE(nhsNumber);
}

function template(): (nhsNumber: string) => string {
  const pieces = REFERRAL.split(/(5b1d0f6a-0000|9990000018|SP-0001|T-0001)/);
  if (!REFERRAL.includes(NHS_NUMBER)) throw new Error('the referral has another NHS number');
  return (nhsNumber) => {
    const values: Readonly<Record<string, string>> = {
      '5b1d0f6a-0000': entryPrefix(nhsNumber),
      [NHS_NUMBER]: nhsNumber,
      'SP-0001': `SP-${nhsNumber}`,
      'T-0001': `T-${nhsNumber}`,
    };
    return pieces.map((piece) => values[piece] ?? piece).join('');
  };
}

/** What a delivered referral says that a report must repeat. */
export interface Delivered {
  readonly clientReference: string;
  readonly taskReference: string;
  readonly nhsNumber: string;
}

export function readDelivery(body: string): Delivered {
  const { clientReference, taskReference } = JSON.parse(body);
  return { clientReference, taskReference, nhsNumber: nhsNumberIn(body) };
}

/** The platform's own number of a case. */
export function caseNumber(nhsNumber: string): string {
  return `CW-${nhsNumber}`;
}

const ITEMS = { baseline: [3, 2, 3, 3, 3, 2, 3], 'follow-up': [4, 4, 3, 4, 4, 3, 4] } as const;

/** Three status events and an outcome, in this order. */
export const REPORTS = ['accepted', 'active', 'outcome', 'closed-completed'] as const;
export type Report = (typeof REPORTS)[number];

/** A report in the nested case-management shape (mappings/casework/README.md). */
export function reportOf(kind: Report, { clientReference, taskReference, nhsNumber }: Delivered, at: Date): string {
  const date = at.toISOString().slice(0, 10);
  const assessments = Object.entries(ITEMS).map(([stage, items]) => ({
    tool: 'SWEMWBS',
    stage,
    date,
    total: items.reduce((sum, item) => sum + item, 0),
    items,
  }));
  return JSON.stringify({
    event: 'case.updated',
    clientReference,
    taskReference,
    caseId: caseNumber(nhsNumber),
    status: kind === 'outcome' ? 'active' : kind,
    worker: { name: 'Ayo Bankole', role: 'link worker' },
    occurredAt: at.toISOString().replace('Z', '+00:00'),
    ...(kind === 'outcome' && { assessments }),
  });
}
