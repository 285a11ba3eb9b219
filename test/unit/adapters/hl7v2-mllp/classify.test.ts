import { describe, expect, it } from '@jest/globals';
import { classifyAck } from '../../../../src/adapters/hl7v2-mllp/classify.ts';
import { readAcknowledgement } from '../../../../src/core/hl7v2/read-acknowledgement.ts';

/** What becomes of a message that a receiver answers so. */
function kindOf(code: string, ...errors: string[]): string {
  const text = ['MSH|^~\\&|P|GP|HB|HB|20261121||ACK|1|P|2.5.1', `MSA|${code}|A1`, ...errors].join('\r');
  const bytes = Buffer.from(text);
  const ack = readAcknowledgement(bytes);
  if (ack === undefined) throw new Error('no acknowledgement');
  const result = classifyAck({ ...ack, bytes });
  return `${result.kind} ${'reply' in result ? result.reply?.status : ''}`;
}

const err = (code: string, severity = 'E') => `ERR|||${code}^^HL70357|${severity}`;

describe('a refusal over HL7 v2', () => {
  it.each([
    ['a fault of its own', 'AE', [err('207')]],
    ['a locked record', 'AE', [err('206')]],
    ['both, at the transport', 'CR', [err('206'), err('207')]],
    ['a fault of its own, and a warning about the message', 'AR', [err('207'), err('103', 'W')]],
    ['a fault of its own that it calls a warning', 'AE', [err('207', 'W')]],
    ['a fault of its own, as before v2.5', 'AE', ['ERR|^^^207&Application internal error&HL70357']],
  ])('is tried again for %s', (_why, code, errors) => expect(kindOf(code, ...errors)).toBe('transient 503'));

  it.each([
    ['a code that the record does not know', 'AE', [err('103')]],
    ['such a code beside a fault of its own', 'AE', [err('103'), err('207')]],
    ['the same in the other order', 'AR', [err('207'), err('103')]],
    ['a missing field beside a fault of its own, as before v2.5', 'AE', ['ERR|PID^1^3^101~^^^207']],
    ['an error without a code beside a fault of its own', 'CE', [err('207'), 'ERR|||^Unhappy|E']],
    ['a warning of a fault beside an error', 'AE', [err('207', 'W'), err('101')]],
    ['no reason at all', 'AE', []],
  ])('waits for a person for %s', (_why, code, errors) => expect(kindOf(code, ...errors)).toBe('permanent 422'));
});
