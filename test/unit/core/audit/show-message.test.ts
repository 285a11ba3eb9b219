import { describe, expect, it } from '@jest/globals';
import { shownContent } from '../../../../src/core/audit/show-message.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a message for a person to read', () => {
  it('is JSON, set out', () => {
    expect(shownContent('application/fhir+json; charset=utf-8', bytes('{"id":"a","n":[1]}'))).toEqual([
      '{',
      '  "id": "a",',
      '  "n": [',
      '    1',
      '  ]',
      '}',
    ]);
  });

  it('is JSON as it stands where a number would not survive being read', () => {
    expect(shownContent('application/json', bytes('{"code":1234567890123456789}'))).toEqual([
      '{"code":1234567890123456789}',
    ]);
  });

  it('is HL7 v2, field by field, empty ones left out', () => {
    const text = 'MSH|^~\\&|A||B\rPID|1||9990000050^^^NHS\r';
    expect(shownContent('application/hl7-v2', bytes(text))).toEqual([
      'MSH-1   |',
      'MSH-2   ^~\\&',
      'MSH-3   A',
      'MSH-5   B',
      'PID-1   1',
      'PID-3   9990000050^^^NHS',
    ]);
  });

  it('commands no terminal: what would is shown', () => {
    expect(shownContent('text/plain', bytes('a\u001b[2Jb\u202ec\nd'))).toEqual(['a\\u{1b}[2Jb\\u{202e}c', 'd']);
    expect(shownContent('application/hl7-v2', bytes('MSH|^~\\&|\u001b]0;x\u0007\r'))).toContain(
      'MSH-3   \\u{1b}]0;x\\u{7}',
    );
  });

  it('is a line that says so where it is no text', () => {
    expect(shownContent('application/pdf', new Uint8Array([0xff, 0xfe, 0x00, 0xd8]))).toEqual([
      '(4 bytes that are no text)',
    ]);
  });
});
