import type { Readable } from 'node:stream';

/** A line of a release is a few hundred characters; a file without line ends must not fill the memory. */
const LONGEST = 1_000_000;

/**
 * The lines of a UTF-8 text, without their ends (LF or CRLF) and without a byte order mark, in lists as they come: one wait
 * a chunk and not a line.
 * @throws RangeError when a line has more than a million characters
 */
export async function* readLines(stream: Readable): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of bytes was expected');
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) throw new RangeError('a line has more than a million characters');
    yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
