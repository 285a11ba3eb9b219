import { describe, expect, it } from '@jest/globals';
import { readMessageText } from '../../../../src/core/hl7v2/message.ts';
import { messageSizeFindings } from '../../../../src/core/hl7v2/message-size.ts';
import { EXAMPLES, REF } from './example-messages.ts';

const LIMITS = { maxEntries: 12, maxNodes: 1_000 };

function told(text: string, limits = LIMITS) {
  const message = readMessageText(text);
  if (message === undefined) throw new Error('not readable');
  return messageSizeFindings(message, limits).map(
    ({ rule, place, issue }) => `${issue} ${rule} ${place.expression?.split(',')[0] ?? ''}`,
  );
}

const lines = (count: number, text: string) => Array.from({ length: count }, () => text).join('\r');

describe('how much one HL7 v2 message may hold', () => {
  it.each(Object.keys(EXAMPLES))('an ordinary one is not too large: %s', (kind) => {
    expect(told(EXAMPLES[kind] ?? '', { maxEntries: 500, maxNodes: 20_000 })).toEqual([]);
  });

  it('as many segments of a name as are agreed, and no more', () => {
    expect(told(`MSH|^~\\&|A\r${lines(12, 'OBX|1|ST')}\r${lines(12, 'NTE|1')}`)).toEqual([]);
    expect(told(`MSH|^~\\&|A\r${lines(13, 'OBX|1|ST')}\r${lines(12, 'NTE|1')}`)).toEqual([
      'too-costly hl7v2/too-many-segments OBX[13]',
    ]);
  });

  it('as many repetitions of a field as are agreed, and no more', () => {
    const repeated = (count: number) => `${REF}\rPID|1||${Array.from({ length: count }, () => '1').join('~')}`;
    expect(told(repeated(12))).toEqual([]);
    expect(told(repeated(13))).toEqual(['too-costly hl7v2/too-many-repetitions PID[2]-3']);
  });

  it('as many values altogether as are agreed, and no more', () => {
    // Two segments, two separators of fields, and the three signs of MSH-2 that are separators too.
    expect(told(`MSH|^~\\&\rZZZ|${'x^'.repeat(993)}`)).toEqual([]);
    expect(told(`MSH|^~\\&\rZZZ|${'x^'.repeat(994)}`)).toEqual(['too-costly hl7v2/too-many-values ']);
    expect(told(`MSH|^~\\&\rZZZ|${'|'.repeat(2_000)}`)).toEqual(['too-costly hl7v2/too-many-values ']);
    expect(told(`MSH|^~\\&\rZZZ|${'x&'.repeat(2_000)}`)).toEqual(['too-costly hl7v2/too-many-values ']);
  });

  it('a long text is one value, whatever stands in it', () => {
    expect(told(`MSH|^~\\&\rOBX|1|ED|||${'A'.repeat(100_000)}`)).toEqual([]);
  });

  it('repeats no value of the message', () => {
    const message = readMessageText(`MSH|^~\\&|A\r${lines(13, 'OBX|1|ST|Secret')}`);
    expect(JSON.stringify(message && messageSizeFindings(message, LIMITS))).not.toContain('Secret');
  });
});
