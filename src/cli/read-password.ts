import type { Readable } from 'node:stream';
import { WrongUse } from './exit-code.ts';

/** More than any password that is taken. */
const LONGEST = 4_096;

/**
 * A password from standard input, without the line end at its end: never from the command line, where everybody on the machine can read it.
 * At a terminal what is typed is not shown.
 */
export async function readPassword(
  from: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown },
): Promise<string> {
  if (from.isTTY) return typed(from);
  let text = '';
  for await (const piece of from.setEncoding('utf8')) {
    text += piece;
    if (text.length > LONGEST) throw new WrongUse('What is on standard input is longer than any password.');
  }
  return needed(text.replace(/\r?\n$/, ''));
}

async function typed(from: Readable & { setRawMode?(raw: boolean): unknown }): Promise<string> {
  process.stderr.write('Password: ');
  from.setRawMode?.(true);
  let text = '';
  try {
    for await (const piece of from.setEncoding('utf8')) {
      for (const letter of String(piece)) {
        if (letter === '\r' || letter === '\n') return needed(text);
        if (letter === '\u0003') throw new WrongUse('Stopped: nothing was changed.');
        text = letter === '\u007F' ? text.slice(0, -1) : text + letter;
      }
    }
    return needed(text);
  } finally {
    from.setRawMode?.(false);
    process.stderr.write('\n');
  }
}

function needed(text: string): string {
  if (text === '')
    throw new WrongUse('Give the password on standard input: `hearback console account add NAME … < FILE`.');
  return text;
}
