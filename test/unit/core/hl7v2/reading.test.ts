import { describe, expect, it } from '@jest/globals';
import { isBatch, readBatch } from '../../../../src/core/hl7v2/batch.ts';
import { characterSetNamed } from '../../../../src/core/hl7v2/character-set.ts';
import { placeOf } from '../../../../src/core/hl7v2/locate.ts';
import { type Hl7Message, readMessageText } from '../../../../src/core/hl7v2/message.ts';
import { readPlace, writePlace } from '../../../../src/core/hl7v2/place.ts';
import { readMessage } from '../../../../src/core/hl7v2/read.ts';

const HEAD = 'MSH|^~\\&|PAS|RCB|HUB|LINK|20260721132959||REF^I12|M-1|P|2.4';

function read(...lines: string[]): Hl7Message {
  const message = readMessageText([HEAD, ...lines].join('\r'), characterSetNamed('UTF-8'));
  if (message === undefined) throw new Error('not read');
  return message;
}

function note(written: string): string | undefined {
  return read(`NTE|1||${written}`).value('NTE', 3);
}

describe('values', () => {
  const message = read('PID|1||0123^^^TRUST^MRN~9990000018^^^NHS&x&ISO^NH||Test&&van^Ada|""|^""||00^~^', 'ZU1|kept');

  it('are found by field, component, repetition and sub-component', () => {
    expect(message.value('PID', 3)).toBe('0123');
    expect(message.value('PID', 3, 1, 2)).toBe('9990000018');
    expect(message.value('PID', 3, 4, 2)).toBe('NHS');
    expect(message.value('PID', 3, 4, 2, 3)).toBe('ISO');
    expect(message.value('PID', 5, 1, 1, 3)).toBe('van');
    expect(message.value('MSH', 1)).toBe('|');
    expect(message.value('MSH', 2)).toBe('^~\\&');
    expect(message.value('MSH', 9, 2)).toBe('I12');
    expect(message.value('ZU1', 1)).toBe('kept');
    expect(message.value('PV1', 1)).toBeUndefined();
  });

  it('are texts, and never anything else', () => {
    expect(message.value('PID', 9)).toBe('00');
    expect(note('0.50')).toBe('0.50');
    expect(note(' 7 ')).toBe(' 7 ');
  });

  it('that are absent, empty, deleted or there are four different things', () => {
    const pid = message.first('PID');
    expect(pid?.presence(99)).toBe('absent');
    expect(pid?.presence(3, 9)).toBe('absent');
    expect(pid?.presence(2)).toBe('empty');
    expect(pid?.presence(6)).toBe('null');
    expect(pid?.presence(7)).toBe('empty');
    expect(pid?.presence(7, 2)).toBe('null');
    expect(pid?.presence(9)).toBe('present');
    expect([pid?.value(99), pid?.value(2), pid?.value(6), pid?.value(7, 2)]).toEqual(Array(4).fill(undefined));
    expect(pid?.repetitions(9)).toEqual(['00^', '^']);
  });
});

describe('escape sequences', () => {
  it.each([
    ['a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\P\\g', 'a|b^c&d~e\\f#g'],
    ['one\\.br\\two\\.ce\\three', 'one\ntwo\nthree'],
    ['a\\.sp\\b\\.sp2\\c\\.sk3\\d', 'a\nb\n\nc   d'],
    ['\\.in+4\\\\.ti-2\\\\.fi\\x\\.nf\\', 'x'],
    ['\\H\\bold\\N\\ plain', 'bold plain'],
    ['\\X41\\\\XC3A9\\\\x41\\', 'A\u00e9\\x41\\'],
    ['\\XFF\\', '\\XFF\\'],
    ['\\C2842\\\\M8182AB\\\\Zlocal\\', '\\C2842\\\\M8182AB\\\\Zlocal\\'],
    ['C:\\docs\\new', 'C:\\docs\\new'],
    ['50\\ off', '50\\ off'],
    ['x10\\S\\9/L', 'x10^9/L'],
    ['a\\b\\T\\c', 'a\\b&c'],
    ['\\.sp999\\', '\n'.repeat(100)],
    ['\\E\\.br\\E\\', '\\.br\\'],
  ])('%j is %j', (written, meant) => {
    expect(note(written)).toBe(meant);
  });

  it('of bytes are in the character set of the message', () => {
    const message = readMessageText(`${HEAD}\rNTE|||\\XE9\\`, characterSetNamed('8859/1'));
    expect(message?.value('NTE', 3)).toBe('\u00e9');
  });
});

describe('a message', () => {
  it('is read with any delimiters, line ends and empty lines', () => {
    for (const end of ['\r', '\n', '\r\n', '\r\r\n\n']) {
      const message = readMessageText(['MSH#*!@%+#PAS', 'PID#1##7*x!8*y%z#a@T@b@P@', ''].join(end));
      expect(message?.segments.map(({ name }) => name)).toEqual(['MSH', 'PID']);
      expect(message?.value('PID', 3, 2, 2, 2)).toBe('z');
      expect(message?.value('PID', 4)).toBe('a%b+');
    }
  });

  it.each([
    '',
    'PID|1',
    'MSH',
    'MSH|',
    'MSH|^',
    'MSH||',
    'MSHA^~\\&A',
    'MSH|^~\\\\&|',
    'MSH|^^\\&|',
    'MSH|^~\\&#+|',
    ' MSH|^~\\&|',
    'MSH|^~"&|',
  ])('that begins %j is none', (text) => {
    expect(readMessageText(text)).toBeUndefined();
  });

  it('of 2 MB is read in a moment, whatever it is made of', () => {
    for (const filler of ['\r', '\n', '|', '^', '\\', 'PID\r', 'x\n', '\\X41']) {
      const message = readMessageText(`MSH|^~\\&|${filler.repeat(2_000_000 / filler.length)}`);
      message?.segments.at(-1)?.value(3, 2);
      expect(message?.text.length).toBeGreaterThan(1_900_000);
    }
  });
});

describe('a place', () => {
  const message = read('PID|1||a^b~c^d&e', 'OBX|1', 'OBX|2|NM|x');

  it('says segment, field and character, as in the text', () => {
    const [header, pid, , second] = message.segments;
    if (header === undefined || pid === undefined || second === undefined) throw new Error('not read');
    const at = (part: Parameters<typeof placeOf>[2], segment = pid) => placeOf(message, segment, part).expression;
    const start = HEAD.length + 1;
    expect(at(undefined)).toBe(`PID, segment 2, character ${start + 1}`);
    expect(at({ field: 1 })).toBe(`PID-1, segment 2, character ${start + 5}`);
    expect(at({ field: 3, repetition: 2, component: 2, subcomponent: 2 })).toBe(
      `PID-3[2].2.2, segment 2, character ${start + 'PID|1||a^b~c^d&'.length + 1}`,
    );
    expect(at({ field: 30 })).toBe(`PID-30, segment 2, character ${start + 'PID|1||a^b~c^d&e'.length + 1}`);
    expect(at({ field: 3 }, second)).toBe(`OBX[2]-3, segment 4, character ${message.text.length}`);
    expect(at({ field: 9, component: 2 }, header)).toBe(`MSH-9.2, segment 1, character ${HEAD.indexOf('I12') + 1}`);
  });

  it('is read back from its text', () => {
    for (const one of ['PID-5.1, segment 3, character 214', 'OBX[4]-5[2].1.2', 'MSH', 'PID-3[2].1']) {
      const place = readPlace(one);
      expect(place && writePlace(place)).toBe(one);
    }
    expect(readPlace('Patient.name')).toBeUndefined();
    expect(readPlace(undefined)).toBeUndefined();
  });
});

describe('the character set', () => {
  const message = (characterSet: string, bytes: readonly number[]) =>
    Uint8Array.from([
      ...new TextEncoder().encode(`${HEAD}||||||${characterSet}\rPRD|RP\rRF1|A\rPID|||1||`),
      ...bytes,
      ...new TextEncoder().encode('^Ada'),
    ]);
  const nameIn = (characterSet: string, bytes: readonly number[], assumed?: string) =>
    readMessage(message(characterSet, bytes), assumed);

  it('is the one that MSH-18 names', () => {
    const names = [
      ['UNICODE UTF-8', [0xc3, 0xa9], '\u00e9'],
      ['UNICODE', [0xc3, 0xa9], '\u00e9'],
      ['8859/1', [0xe9], '\u00e9'],
      ['8859/15', [0xa4], '\u20ac'],
      ['8859/2', [0xb3], '\u0142'],
      ['ASCII', [0x41], 'A'],
      ['', [0x41], 'A'],
      ['8859/1~ISO IR87', [0xe9], '\u00e9'],
    ] as const;
    for (const [set, bytes, name] of names) {
      const { message: read, findings } = nameIn(set, bytes);
      expect(findings).toEqual([]);
      expect(read?.value('PID', 5)).toBe(name);
    }
  });

  it('is assumed only where the sender names none', () => {
    expect(nameIn('', [0xe9], '8859/1').message?.value('PID', 5)).toBe('\u00e9');
    expect(nameIn('ASCII', [0xe9], '8859/1').message).toBeUndefined();
  });

  it('that does not fit the bytes is an error at each field with such bytes', () => {
    for (const set of ['UNICODE UTF-8', 'ASCII', '']) {
      const { message: read, findings } = nameIn(set, [0xe9, 0x41]);
      expect(read).toBeUndefined();
      expect(findings).toMatchObject([{ severity: 'error', rule: 'hl7v2/character-set' }]);
      expect(findings[0]?.place.expression).toMatch(/^PID-5, segment 4, character \d+$/);
    }
  });

  it('that is not known is an error when it matters, and else a warning', () => {
    expect(nameIn('GBR', [0x41]).findings).toMatchObject([{ severity: 'warning', rule: 'hl7v2/character-set' }]);
    expect(nameIn('GBR', [0x41]).message).toBeDefined();
    expect(nameIn('GBR', [0xe9]).findings).toMatchObject([{ severity: 'error', rule: 'hl7v2/character-set' }]);
    expect(nameIn('GBR', [0xe9]).message).toBeUndefined();
  });
});

describe('a batch', () => {
  const bytes = (lines: readonly string[]) => new TextEncoder().encode(lines.map((line) => `${line}\r`).join(''));
  const one = 'MSH|^~\\&|A';

  it('is taken apart into its messages, byte for byte', () => {
    const file = bytes(['FHS|^~\\&|X', 'BHS|^~\\&|X', one, 'PID|1', one, 'PID|\u00e9', 'BTS|2', 'FTS|1']);
    expect(isBatch(file)).toBe(true);
    const { messages, findings } = readBatch(file);
    expect(findings).toEqual([]);
    expect(messages.map((each) => new TextDecoder().decode(each))).toEqual([`${one}\rPID|1\r`, `${one}\rPID|\u00e9\r`]);
  });

  it('that was cut off or counts otherwise is an error', () => {
    const rules = (lines: readonly string[]) => readBatch(bytes(lines)).findings.map(({ rule }) => rule);
    expect(rules(['FHS|^~\\&|X', 'BHS|^~\\&|X', one])).toEqual(['hl7v2/batch-trailer', 'hl7v2/batch-trailer']);
    expect(rules(['BHS|^~\\&|X', one, one, 'BTS|3'])).toEqual(['hl7v2/batch-count']);
    expect(rules(['BHS|^~\\&|X', one, 'BTS'])).toEqual([]);
    expect(rules(['FHS#*!@%#X', 'BHS#*!@%#X', 'BTS#0', 'FTS#2'])).toEqual(['hl7v2/batch-count', 'hl7v2/batch-empty']);
  });

  it('is nothing that begins with a message', () => {
    expect(isBatch(bytes([one, 'BHS|^~\\&|']))).toBe(false);
  });
});
