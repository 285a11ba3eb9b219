/** Either the text, or the line (from 1) in which the first byte stands that is not UTF-8. */
export type Utf8Text =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly line: number; readonly guess: 'UTF-16' | 'UTF-32' | 'another encoding' };

/**
 * Reads bytes as UTF-8 and nothing else (RFC 8259 §8.1; FHIR R4 http §2.21.0.6). A byte order mark is tolerated and
 * dropped. A guess at another encoding would change names silently, so there is none: the caller refuses.
 */
export function decodeUtf8(bytes: Uint8Array): Utf8Text {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return { ok: false, line: 1, guess: wide };
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, line: firstBrokenLine(bytes), guess: 'another encoding' };
  }
}

function wideEncoding(bytes: Uint8Array): 'UTF-16' | 'UTF-32' | undefined {
  const [a, b, c, d] = bytes;
  if (a === undefined || b === undefined) return undefined;
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  if (a === 0xfe && b === 0xff) return 'UTF-16';
  if ((a === 0) !== (b === 0)) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  return a === 0 && b === 0 && c === 0 && d !== undefined ? 'UTF-32' : undefined;
}

/** A line feed is never part of a longer UTF-8 sequence, so each line can be tried by itself. */
function firstBrokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}
