/** A character set that messages can be in. */
export interface CharacterSet {
  /** As table HL70211 names it, and MSH-18 when we write it. */
  readonly name: string;
  /** Undefined when there are bytes that mean nothing in it: a guess would change somebody's name. */
  readonly decode: (bytes: Uint8Array) => string | undefined;
  /** Undefined when the text has characters that it cannot carry. */
  readonly encode: (text: string) => Uint8Array | undefined;
}

/** Half of a surrogate pair without the other: no character. */
const LONE_HALF = /\p{Cs}/u;

// A byte order mark is kept as a character, so that what is written back are the same bytes.
const UTF8_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const UTF8: CharacterSet = {
  name: 'UNICODE UTF-8',
  decode: (bytes) => {
    try {
      return UTF8_DECODER.decode(bytes);
    } catch {
      return undefined;
    }
  },
  encode: (text) => (LONE_HALF.test(text) ? undefined : new TextEncoder().encode(text)),
};

/** The parts of ISO 8859 in table HL70211, and 15, which western Europe uses for the euro sign. */
const PARTS_OF_8859 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15];

/**
 * The character set that MSH-18 names; undefined for a name that is not known here. `UNICODE` alone is read as UTF-8, and
 * common spellings outside the table (`UTF-8`, `ISO-8859-1`) are taken. ISO 8859 is ISO's, not the web's: 0x80 to 0x9F are
 * control characters. UTF-16 and UTF-32 cannot be carried by MLLP (HL7 v2.5.1 Appendix C.2.2).
 */
export function characterSetNamed(name: string): CharacterSet | undefined {
  const plain = name.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (plain === 'ASCII' || plain === 'USASCII') return single('ASCII', ASCII_SIGNS);
  if (plain === 'UNICODE' || plain === 'UNICODEUTF8' || plain === 'UTF8') return UTF8;
  const part = Number(/^(?:ISO)?8859(\d{1,2})$/.exec(plain)?.[1] ?? 0);
  return PARTS_OF_8859.includes(part) ? single(`8859/${part}`, () => signsOf8859(part)) : undefined;
}

const ASCII_SIGNS = (): string[] => Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** 256 signs by their byte; an empty one where the byte means nothing. */
function signsOf8859(part: number): string[] {
  const decoder = new TextDecoder(`iso-8859-${part}`);
  return Array.from({ length: 256 }, (_, code) => {
    if (code < 0xa0 || part === 1) return String.fromCharCode(code);
    const sign = decoder.decode(Uint8Array.of(code));
    return sign === '\ufffd' ? '' : sign;
  });
}

const made = new Map<string, CharacterSet>();

function single(name: string, signs: () => string[]): CharacterSet {
  const known = made.get(name);
  if (known !== undefined) return known;
  const set = singleByteSet(name, signs());
  made.set(name, set);
  return set;
}

function singleByteSet(name: string, signs: readonly string[]): CharacterSet {
  const codes = new Map(signs.map((sign, code) => [sign, code]));
  codes.delete('');
  return {
    name,
    decode: (bytes) => {
      let text = '';
      for (const byte of bytes) {
        const sign = signs[byte];
        if (sign === undefined || sign === '') return undefined;
        text += sign;
      }
      return text;
    },
    encode: (text) => {
      const bytes = new Uint8Array(text.length);
      for (let at = 0; at < text.length; at += 1) {
        const code = codes.get(text.charAt(at));
        if (code === undefined) return undefined;
        bytes[at] = code;
      }
      return bytes;
    },
  };
}
