import { describe, expect, it } from '@jest/globals';
import { hasErrors } from '../../../../src/core/finding.ts';
import { acknowledge } from '../../../../src/core/hl7v2/acknowledge.ts';
import { readHead } from '../../../../src/core/hl7v2/head.ts';
import { acknowledgementFindings, readAcknowledgement } from '../../../../src/core/hl7v2/read-acknowledgement.ts';
import { EXAMPLES, REF } from './example-messages.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const HEAD = 'MSH|^~\\&|HUB|LINK|PAS|RCB|20260721||ACK^I12|A-1|P|2.5';

describe('reading an acknowledgement', () => {
  it('is the other way of making one, in every version', () => {
    const fault = {
      severity: 'error',
      rule: 'hl7v2/required',
      place: { expression: 'OBX[4]-5.1, segment 9, character 214' },
      message: 'It is missing.',
      remedy: 'Send it.',
      issue: 'required',
    } as const;
    for (const version of ['2.3', '2.4', '2.5.1', '2.8']) {
      const head = readHead(bytes(REF.replace('|P|2.4|', `|P|${version}|`)));
      const made = acknowledge(head, {
        code: 'AE',
        findings: [fault, fault],
        at: '2026-07-21T13:30:00.000Z',
        controlId: 'A-1',
      });
      expect(readAcknowledgement(made)).toEqual({
        code: 'AE',
        answers: 'M-0001',
        controlId: 'A-1',
        errors: Array(2).fill({ code: '101', severity: 'error', place: 'OBX[4]-5' }),
      });
    }
  });

  it('takes any message that carries an MSA, with any delimiters', () => {
    expect(readAcknowledgement(bytes(EXAMPLES['RRI'] ?? ''))).toMatchObject({ code: 'AA', answers: 'M-1', errors: [] });
    expect(readAcknowledgement(bytes('MSH#*!@%#\nMSA#ca#M@F@1\n'))).toMatchObject({ code: 'CA', answers: 'M#1' });
    expect(readAcknowledgement(Uint8Array.from([...bytes(`${HEAD}\rMSA|AA|M-1|`), 0xff]))).toMatchObject({
      code: 'AA',
    });
  });

  it.each([
    '',
    'OK',
    HEAD,
    `${HEAD}\rMSA`,
    `${HEAD}\rMSA|AA`,
    `${HEAD}\rMSA|AA|""`,
    `${HEAD}\rMSA|XX|M-1`,
    'MSA|AA|M-1',
  ])('finds none in %j', (text) => {
    expect(readAcknowledgement(bytes(text))).toBeUndefined();
  });

  it('tells codes and places, never texts, which can repeat values', () => {
    const answer = readAcknowledgement(
      bytes(
        `${HEAD}\rMSA|AE|M-1|SECRET\rERR||PID^1^SECRET|SECRET code^SECRET^L|E|||SECRET|SECRET\rERR|SECRET^SECRET^5^SECRET!`,
      ),
    );
    if (answer === undefined) throw new Error('not read');
    const findings = acknowledgementFindings(answer);
    expect(findings).toHaveLength(2);
    expect(JSON.stringify(findings)).not.toContain('SECRET');
  });

  it('says that it was refused, with or without a reason', () => {
    const told = (text: string) => {
      const answer = readAcknowledgement(bytes(`${HEAD}\r${text}`));
      return answer === undefined ? [] : acknowledgementFindings(answer);
    };
    expect(told('MSA|AA|M-1')).toEqual([]);
    expect(hasErrors(told('MSA|AA|M-1\rERR||PID^1^5|101|W'))).toBe(false);
    for (const refusal of ['MSA|AR|M-1', 'MSA|AE|M-1\rERR||PID^1^5|101|W', 'MSA|CE|M-1\rERR||PID^1^5|101|E'])
      expect(hasErrors(told(refusal))).toBe(true);
  });
});
