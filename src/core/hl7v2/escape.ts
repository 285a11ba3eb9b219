import type { Delimiters } from './delimiters.ts';

/** Control characters, which would end a segment, a frame or the patience of the receiver. Tabulators are let through. */
const CONTROL = /[^\P{Cc}\t\u{80}-\u{9f}]/gu;
const LINE_END = /\r\n|\r|\n/g;

/** By the delimiters themselves, so that senders who invent new ones with every message do not fill the memory. */
const writers = new WeakMap<Delimiters, (text: string) => string>();

/**
 * Writes a text as the value of a field, component or sub-component (HL7 v2.5.1, 2.7 "Use of escape sequences in text
 * fields"): delimiters as `\F\`, `\S\`, `\T\`, `\R\`, `\E\` (`\P\`, the truncation character), each kind of line end as
 * `\.br\`, other control characters as `\Xdd\`. A text of two quotation marks is written `\X2222\`, because `""` by itself
 * tells the receiver to delete what it has. No text can begin a segment or a field.
 */
export function escapeText(text: string, delimiters: Delimiters): string {
  let write = writers.get(delimiters);
  if (write === undefined) {
    write = writerFor(delimiters);
    writers.set(delimiters, write);
  }
  return write(text);
}

function writerFor(delimiters: Delimiters): (text: string) => string {
  const { field, component, repetition, escape: sign, subcomponent, truncation } = delimiters;
  const named: readonly (readonly [string, string])[] = [
    [field, 'F'],
    [component, 'S'],
    [subcomponent, 'T'],
    [repetition, 'R'],
    [sign, 'E'],
    [truncation, 'P'],
  ];
  const letters = new Map(named.filter(([one]) => one !== ''));
  const special = new RegExp(`[${[...letters.keys()].map((one) => `\\u{${hex(one)}}`).join('')}]`, 'gu');
  const any = new RegExp(`${special.source}|${CONTROL.source}|^""$`, 'u');
  // Without an escape character there is no way to write a delimiter: a blank stands there, and the message stays whole.
  const sequence = (name: string): string => (sign === '' ? ' ' : sign + name + sign);
  return (text) => {
    if (!any.test(text)) return text;
    if (text === '""') return sign === '' ? '' : sequence('X2222');
    return text
      .replace(special, (one) => sequence(letters.get(one) ?? ''))
      .replace(LINE_END, () => sequence('.br'))
      .replace(CONTROL, (one) => sequence(`X${hex(one)}`));
  };
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
