import { hasErrors } from '../finding.ts';
import { HL7V2_TYPE } from '../hl7v2/media-type.ts';
import { readMessage } from '../hl7v2/read.ts';
import type { Hl7Segment } from '../hl7v2/segment.ts';
import { readJson } from '../json/strict-json.ts';
import { decodeUtf8 } from '../json/utf8.ts';

const MAX_DEPTH = 512;

/**
 * A message's content for a person to read, line by line: JSON set out, HL7 v2 field by field (`PID-5  Testpatient^Ann`), any
 * other text as it stands. Signs that would command a terminal are written as `\u{1b}`. Of what is no text there is one line that says so.
 */
export function shownContent(contentType: string, body: Uint8Array): string[] {
  if (contentType.startsWith(HL7V2_TYPE)) {
    const { message } = readMessage(body, 'UTF-8');
    if (message !== undefined) return message.segments.flatMap(fieldLines).map(harmless);
  }
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) {
    const { value, findings } = readJson(body, { maxDepth: MAX_DEPTH });
    // A number that is longer than JavaScript can hold would be shown as another one.
    const isExact = !/\d{16}/.test(new TextDecoder().decode(body));
    if (isExact && !hasErrors(findings)) return (JSON.stringify(value, null, 2) ?? '').split('\n').map(harmless);
  }
  const text = decodeUtf8(body);
  return text.ok ? text.text.split(/\r\n?|\n/).map(harmless) : [`(${body.byteLength} bytes that are no text)`];
}

function fieldLines(segment: Hl7Segment): string[] {
  const fields = Array.from({ length: segment.lastField }, (_, place) => place + 1);
  return fields.flatMap((number) => {
    const value = segment.field(number) ?? '';
    return value === '' ? [] : [`${segment.name}-${number}`.padEnd(8) + value];
  });
}

/** Control characters, and those that turn the direction of what follows: shown, and without effect. */
function harmless(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
