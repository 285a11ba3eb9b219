import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../../src/core/finding.ts';
import {
  type AcknowledgementCode,
  acknowledge,
  owedAcknowledgements,
  verdictOf,
} from '../../../../src/core/hl7v2/acknowledge.ts';
import { readHead } from '../../../../src/core/hl7v2/head.ts';

const AT = '2026-07-21T13:30:00.000Z';

function headOf(text: string) {
  return readHead(new TextEncoder().encode(text));
}

function header({ version = '2.4', accept = '', application = '', characterSet = '' } = {}) {
  return headOf(
    `MSH|^~\\&|PAS|RCB|HUB|LINK|20260721132959||REF^I12^REF_I12|M-1|P|${version}|||${accept}|${application}||${characterSet}\rPID|`,
  );
}

function finding(over: Partial<Finding> = {}): Finding {
  return {
    severity: 'error',
    rule: 'hl7v2/required',
    place: { expression: 'PID-5.1, segment 3, character 214' },
    message: 'The name is missing.',
    remedy: 'Send the family name.',
    issue: 'required',
    ...over,
  };
}

function segmentsOf(head: ReturnType<typeof headOf>, code: AcknowledgementCode, findings: readonly Finding[] = []) {
  const bytes = acknowledge(head, { code, findings, at: AT, controlId: 'A-1' });
  const text = new TextDecoder().decode(bytes);
  expect(text.endsWith('\r')).toBe(true);
  return text.slice(0, -1).split('\r');
}

describe('an acknowledgement', () => {
  it('goes back where the message came from and names it in MSA-2', () => {
    expect(segmentsOf(header({ characterSet: 'UNICODE UTF-8' }), 'AA')).toEqual([
      'MSH|^~\\&|HUB|LINK|PAS|RCB|20260721133000+0000||ACK^I12^ACK|A-1|P|2.4||||||UNICODE UTF-8',
      'MSA|AA|M-1',
    ]);
  });

  it('tells errors in ERR-1 and MSA-3 before version 2.5', () => {
    const told = [finding(), finding({ place: { expression: 'OBX[4]-3, segment 9, character 400' } })];
    for (const version of ['2.3', '2.3.1', '2.4']) {
      const [, msa, err, ...more] = segmentsOf(header({ version }), 'AE', told);
      expect(msa).toBe('MSA|AE|M-1|The name is missing. Send the family name. (and 1 more)');
      expect(err).toBe(
        'ERR|PID^1^5^101&Required field missing: The name is missing. Send the family name.&HL70357' +
          '~OBX^4^3^101&Required field missing: The name is missing. Send the family name.&HL70357',
      );
      expect(more).toEqual([]);
    }
  });

  it('tells each error in a segment of its own since version 2.5', () => {
    const told = [
      finding(),
      finding({ severity: 'warning', issue: 'value', place: { expression: 'PID-3[2].1, segment 3, character 9' } }),
      finding({ severity: 'information' }),
    ];
    for (const version of ['2.5', '2.5.1', '2.6', '2.7.1', '2.8']) {
      expect(segmentsOf(header({ version }), 'AE', told).slice(1)).toEqual([
        'MSA|AE|M-1',
        'ERR||PID^1^5^1^1|101^Required field missing^HL70357|E|hl7v2/required^^L||The name is missing.|Send the family name.',
        'ERR||PID^1^3^2^1|102^Data type error^HL70357|W|hl7v2/required^^L||The name is missing.|Send the family name.',
      ]);
    }
  });

  it('tells in words where a finding is not about a field', () => {
    const [, , err] = segmentsOf(header({ version: '2.5' }), 'AE', [
      finding({ place: { expression: 'Patient.name' }, issue: 'business-rule' }),
    ]);
    expect(err).toBe(
      'ERR|||102^Data type error^HL70357|E|hl7v2/required^^L||The name is missing. (Patient.name)|Send the family name.',
    );
  });

  it('uses the delimiters of the message that it answers', () => {
    const head = headOf('MSH#*!@%#PAS#RCB#HUB#LINK#2026##REF*I12#M-1#P#2.5\r');
    expect(segmentsOf(head, 'AE', [finding({ message: 'A # and a *.' })])).toEqual([
      'MSH#*!@%#HUB#LINK#PAS#RCB#20260721133000+0000##ACK*I12*ACK#A-1#P#2.5',
      'MSA#AE#M-1',
      'ERR##PID*1*5*1*1#101*Required field missing*HL70357#E#hl7v2/required**L##A @F@ and a @S@.#Send the family name.',
    ]);
  });

  it('gives back the bytes that it echoes, in whatever character set they are', () => {
    const bytes = Uint8Array.from('MSH|^~\\&|PAS \u00e9\u0085|RCB|||||REF^I12|M\u00e9|P|2.4', (sign) =>
      sign.charCodeAt(0),
    );
    const made = acknowledge(readHead(bytes), { code: 'AA', findings: [], at: AT, controlId: 'A-1' });
    expect(String.fromCharCode(...made)).toContain('|PAS \u00e9\u0085|RCB|');
    expect(String.fromCharCode(...made)).toContain('MSA|AA|M\u00e9\r');
  });

  it('stays one message of three segments when texts try to be more', () => {
    const head = headOf('MSH|^~\\&|P\u001cA\u000bS|RCB|||||REF^I12|M\u001c|P|2.4\r');
    const lines = segmentsOf(head, 'AE', [finding({ message: 'a\rMSA|AA|M-1\u001c\r', remedy: 'b\nERR|' })]);
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    expect(lines[0]).toContain('|PAS|RCB|');
  });

  it('is made of a message without a header, too', () => {
    for (const bytes of ['', 'nothing', 'MSH', 'MSH|', 'MSH||||', 'MSH\r']) {
      const head = headOf(bytes);
      expect(owedAcknowledgements(head, 'error')).toEqual(['AR']);
      expect(segmentsOf(head, 'AR', [finding({ place: {} })])).toEqual([
        'MSH|^~\\&|||||20260721133000+0000||ACK^^ACK|A-1|P|2.5.1',
        'MSA|AR|',
        'ERR|||101^Required field missing^HL70357|E|hl7v2/required^^L||The name is missing.|Send the family name.',
      ]);
    }
  });

  it('is bounded, and says how much it leaves out', () => {
    const many = Array.from({ length: 10_000 }, () =>
      finding({ message: '^'.repeat(10_000), remedy: '|'.repeat(9000) }),
    );
    for (const version of ['2.4', '2.8']) {
      const lines = segmentsOf(header({ version }), 'AE', many);
      expect(lines.join('\r').length).toBeLessThan(200_000);
      expect(lines.join('\r')).toContain('There are 9951 more findings.');
    }
  });
});

describe('which acknowledgement is owed', () => {
  it('is one application acknowledgement in original mode', () => {
    const head = header();
    expect(owedAcknowledgements(head, 'accepted')).toEqual(['AA']);
    expect(owedAcknowledgements(head, 'error')).toEqual(['AE']);
    expect(owedAcknowledgements(head, 'rejected')).toEqual(['AR']);
  });

  it.each([
    ['AL', 'NE', ['CA'], ['CE'], ['CR']],
    ['AL', '', ['CA'], ['CE'], ['CR']],
    ['AL', 'AL', ['CA', 'AA'], ['CE', 'AE'], ['CR', 'AR']],
    ['NE', 'AL', ['AA'], ['AE'], ['AR']],
    ['NE', 'NE', [], [], []],
    ['ER', 'NE', [], ['CE'], ['CR']],
    ['SU', 'NE', ['CA'], [], []],
    ['SU', 'ER', ['CA'], ['AE'], ['AR']],
    ['al', 'ne', ['CA'], ['CE'], ['CR']],
  ])('is what MSH-15 %s and MSH-16 %s ask for', (accept, application, accepted, error, rejected) => {
    const head = header({ accept, application });
    expect(head.mode).toBe('enhanced');
    expect(owedAcknowledgements(head, 'accepted')).toEqual(accepted);
    expect(owedAcknowledgements(head, 'error')).toEqual(error);
    expect(owedAcknowledgements(head, 'rejected')).toEqual(rejected);
  });

  it('depends on what is wrong: the content, or that it is not for us or not now', () => {
    expect(verdictOf([])).toBe('accepted');
    expect(verdictOf([finding({ severity: 'warning' })])).toBe('accepted');
    expect(verdictOf([finding()])).toBe('error');
    expect(verdictOf([finding(), finding({ issue: 'not-supported', place: { expression: 'MSH-9.2' } })])).toBe(
      'rejected',
    );
    expect(verdictOf([finding({ issue: 'not-supported', place: { expression: 'PID-3' } })])).toBe('error');
    for (const issue of ['exception', 'transient', 'timeout', 'throttled', 'security', 'login'] as const)
      expect(verdictOf([finding({ issue })])).toBe('rejected');
    for (const issue of ['forbidden', 'business-rule', 'too-costly', 'processing'] as const)
      expect(verdictOf([finding({ issue })])).toBe('error');
  });
});

describe('the code of an error', () => {
  it.each([
    ['required', 'PID, segment 3', '100^Segment sequence error'],
    ['required', 'PID-5', '101^Required field missing'],
    ['value', 'PID-7', '102^Data type error'],
    ['code-invalid', 'PID-8', '103^Table value not found'],
    ['too-long', 'PID-8', '104^Value too long'],
    ['not-supported', 'MSH-9.1', '200^Unsupported message type'],
    ['not-supported', 'MSH-9.2', '201^Unsupported event code'],
    ['not-supported', 'MSH-11.1', '202^Unsupported processing id'],
    ['not-supported', 'MSH-12.1', '203^Unsupported version id'],
    ['not-supported', 'ServiceRequest.reasonCode', '102^Data type error'],
    ['not-supported', 'PV1-2', '102^Data type error'],
    ['not-found', 'PID-3', '204^Unknown key identifier'],
    ['conflict', 'MSH-10', '205^Duplicate key identifier'],
    ['business-rule', 'Task.status', '102^Data type error'],
    ['processing', 'RF1-6', '102^Data type error'],
    ['forbidden', 'Consent', '102^Data type error'],
    ['invariant', 'PID-3', '102^Data type error'],
    ['security', 'MSH-3', '204^Unknown key identifier'],
    ['transient', 'MSH-10', '207^Application internal error'],
    ['throttled', 'MSH-10', '207^Application internal error'],
    ['timeout', 'MSH-10', '207^Application internal error'],
    ['exception', 'MSH-10', '207^Application internal error'],
  ] as const)('of %s at %s is %s', (issue, expression, code) => {
    const [, , err] = segmentsOf(header({ version: '2.5' }), 'AE', [finding({ issue, place: { expression } })]);
    expect(err).toContain(`|${code}^HL70357|E|`);
  });

  it('never asks for the same again because of what is left out, or what says no kind', () => {
    const { issue: _, ...kindless } = finding();
    const told = [...Array.from({ length: 60 }, () => finding()), kindless];
    for (const version of ['2.4', '2.5.1']) {
      expect(segmentsOf(header({ version }), 'AE', told).join('')).not.toContain('207');
      expect(segmentsOf(header({ version }), 'AE', [kindless]).join('')).not.toContain('207');
    }
  });
});
