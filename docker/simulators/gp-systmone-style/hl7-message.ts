/** Reads HL7 v2 for the simulated record: by itself, so that it shares no mistake with what it is spoken to by. */

/** One field's repetition; components and subcomponents count from 1, what is not there is empty. */
export interface Repetition {
  component(number: number, subcomponent?: number): string;
}

export interface Segment {
  readonly name: string;
  /** A component of the first repetition, without escapes. */
  text(field: number, component?: number): string;
  repetitions(field: number): readonly Repetition[];
  /** The field as it stands in the message. */
  raw(field: number): string;
}

export interface Hl7Message {
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly header: Segment;
  /** MSH-1 and MSH-2. */
  readonly signs: string;
  first(name: string): Segment | undefined;
}

interface Signs {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

/** A message out of its frame; undefined when no MSH segment stands at its beginning. */
export function readHl7(bytes: Buffer): Hl7Message | undefined {
  const text = bytes.toString(isLatin(bytes.toString('latin1')) ? 'latin1' : 'utf8');
  if (!/^MSH[^A-Za-z0-9\r\n]{4}/.test(text)) return undefined;
  const [component = '^', repetition = '~', escaping = '\\', subcomponent = '&'] = text.slice(4, 8);
  const signs: Signs = { field: text.charAt(3), component, repetition, escape: escaping, subcomponent };
  const segments = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .map((line) => segment(line, signs));
  const [header] = segments;
  if (header === undefined) return undefined;
  const first = (name: string) => segments.find((one) => one.name === name);
  return { text, segments, header, signs: text.slice(3, 8), first };
}

/** MSH-18: nothing and UNICODE UTF-8 are read as UTF-8. */
function isLatin(text: string): boolean {
  const line = text.split(/[\r\n]/)[0] ?? '';
  return /^(8859\/1|ISO.?8859.?1|ASCII)$/i.test(line.split(line.charAt(3))[17] ?? '');
}

function segment(line: string, signs: Signs): Segment {
  const pieces = line.split(signs.field);
  const name = pieces[0] ?? '';
  // MSH-1 is the sign between the first two pieces.
  const raw = (field: number): string => pieces[name === 'MSH' ? field - 1 : field] ?? '';
  const repetitions = (field: number): readonly Repetition[] => {
    const whole = raw(field);
    return whole === '' ? [] : whole.split(signs.repetition).map((one) => repetitionOf(one, signs));
  };
  return {
    name,
    raw,
    repetitions,
    text: (field, component = 1) => repetitions(field)[0]?.component(component) ?? '',
  };
}

function repetitionOf(text: string, signs: Signs): Repetition {
  const components = text.split(signs.component);
  return {
    component(number, subcomponent = 1) {
      const part = components[number - 1]?.split(signs.subcomponent)[subcomponent - 1] ?? '';
      return part === '""' ? '' : unescaped(part, signs);
    },
  };
}

/** HL7 v2.5.1, 2.7: delimiters, line breaks and hexadecimal bytes; what else is escaped has no text. */
function unescaped(text: string, signs: Signs): string {
  const { escape: mark } = signs;
  const named: Readonly<Record<string, string>> = {
    F: signs.field,
    S: signs.component,
    T: signs.subcomponent,
    R: signs.repetition,
    E: mark,
    '.br': '\n',
  };
  const parts = text.split(mark);
  // An escape that never ends is text.
  const open = parts.length % 2 === 0 ? `${mark}${parts.pop() ?? ''}` : '';
  return parts.map((part, place) => (place % 2 === 0 ? part : (named[part] ?? hexadecimal(part)))).join('') + open;
}

function hexadecimal(part: string): string {
  return /^X([0-9A-F]{2})+$/i.test(part) ? Buffer.from(part.slice(1), 'hex').toString('utf8') : '';
}

/** An HL7 timestamp as ISO 8601, as precise as it is; empty when it is none. */
export function isoTime(stamp: string): string {
  const parts = /^(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(\d{2})?)?(?:\.\d+)?([+-]\d{4})?$/.exec(stamp);
  if (parts === null) return '';
  const [, year, month, day, hour, minute, second = '00', zone] = parts;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  if (hour === undefined) return date;
  const offset = zone === undefined ? '' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return `${date}T${hour}:${minute}:${second}${offset}`;
}
