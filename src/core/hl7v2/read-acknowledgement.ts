import type { Finding } from '../finding.ts';
import type { AcknowledgementCode } from './acknowledge.ts';
import { characterSetNamed } from './character-set.ts';
import { readHead } from './head.ts';
import type { Hl7Message } from './message.ts';
import { readMessageText } from './message.ts';

/** What a receiver answered. */
export interface Acknowledgement {
  readonly code: AcknowledgementCode;
  /** MSA-2: the MSH-10 of the message that is answered. */
  readonly answers: string;
  /** The answer's own MSH-10; empty when it has none. */
  readonly controlId: string;
  readonly errors: readonly ReportedError[];
}

/** One error as the receiver tells it: codes and places only, for its texts can repeat values of the message. */
export interface ReportedError {
  /** Of table HL70357, or the receiver's own; empty when it gives none. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** `PID-5`; absent when it names none. */
  readonly place?: string;
}

const CODES: readonly AcknowledgementCode[] = ['AA', 'AE', 'AR', 'CA', 'CE', 'CR'];

/**
 * Reads an acknowledgement, whatever message type it is (an RRI carries an MSA, too).
 * @returns undefined when the bytes are no message with an MSA whose code is known and which says what it answers
 */
export function readAcknowledgement(bytes: Uint8Array): Acknowledgement | undefined {
  const message = readMessageText(decoded(bytes));
  const msa = message?.first('MSA');
  const code = CODES.find((one) => one === msa?.value(1)?.trim().toUpperCase());
  const answers = msa?.value(2);
  if (message === undefined || code === undefined || answers === undefined) return undefined;
  return { code, answers, controlId: message.value('MSH', 10) ?? '', errors: errorsOf(message) };
}

/** Only codes and ids are read of it, so undecodable bytes elsewhere do not matter. */
function decoded(bytes: Uint8Array): string {
  const named = readHead(bytes).characterSet;
  const text = characterSetNamed(named === '' ? 'UTF-8' : named)?.decode(bytes);
  return text ?? new TextDecoder().decode(bytes);
}

function errorsOf(message: Hl7Message): ReportedError[] {
  return message.all('ERR').flatMap((segment): ReportedError[] => {
    const old = segment.repetitions(1).map((_, at): ReportedError => {
      const [name, occurrence, field] = [1, 2, 3].map((part) => segment.value(1, part, at + 1));
      return { code: segment.value(1, 4, at + 1) ?? '', severity: 'error', ...placed(name, occurrence, field) };
    });
    // An error in words alone has no code, and is one all the same.
    if (segment.value(3) === undefined && old.length > 0) return old;
    const [name, occurrence, field] = [1, 2, 3].map((part) => segment.value(2, part));
    return [
      { code: segment.value(3) ?? '', severity: severityOf(segment.value(4)), ...placed(name, occurrence, field) },
    ];
  });
}

function severityOf(code: string | undefined): ReportedError['severity'] {
  if (code === 'W') return 'warning';
  return code === 'I' ? 'information' : 'error';
}

/** Only what has the form of a place: anything else could be a value. */
function placed(name = '', occurrence = '1', field = ''): { place?: string } {
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) return {};
  const which = /^\d{1,4}$/.test(occurrence) && occurrence !== '1' ? `[${occurrence}]` : '';
  return { place: name + which + (/^\d{1,3}$/.test(field) ? `-${field}` : '') };
}

/** What an answer's errors say, as findings: severity and place from the receiver, the words ours. */
export function acknowledgementFindings({ code, errors }: Acknowledgement): Finding[] {
  const refused = code !== 'AA' && code !== 'CA';
  const told = errors.map(
    ({ code: error, severity, place }): Finding => ({
      severity: refused ? severity : 'warning',
      rule: 'hl7v2/answered',
      place: place === undefined ? {} : { expression: place },
      message: `The receiver answers ${code}${/^\w{1,20}$/.test(error) ? ` with error ${error}` : ''}.`,
      remedy: 'Read the answer in the message log; mend the mapping or ask the receiver, and send it again.',
      issue: 'processing',
    }),
  );
  if (!refused || told.some(({ severity }) => severity === 'error')) return told;
  return [...told, NO_REASON(code)];
}

const NO_REASON = (code: AcknowledgementCode): Finding => ({
  severity: 'error',
  rule: 'hl7v2/answered',
  place: {},
  message: `The receiver answers ${code} and gives no error code.`,
  remedy: 'Read the answer in the message log; ask the receiver, and send it again.',
  issue: 'processing',
});
