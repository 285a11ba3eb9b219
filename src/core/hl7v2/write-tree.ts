import { documentFlaws } from '../document/readable-document.ts';
import { isObject } from '../mapping/plain-value.ts';
import { type Delimiters, encodingCharacters, readDelimiters, USUAL_DELIMITERS } from './delimiters.ts';
import { documentIn } from './encapsulated.ts';
import { escapeText } from './escape.ts';
import { NULL } from './segment.ts';

/** What keeps a tree from being written. `path` names members, joined by dots, without positions; values are never repeated. */
export interface TreeFlaw {
  readonly path: string;
  readonly message: string;
}

/** Higher numbers exist in no segment, field or component of the standard, and would make messages without end. */
const HIGHEST = 200;

/**
 * Everything in a tree that cannot be written: `segments`, a list of segments with `name` and fields, of which the first is
 * MSH. Other members are not written, and are refused, so that nothing is lost in silence.
 */
export function treeFlaws(tree: unknown): TreeFlaw[] {
  const segments = isObject(tree) ? tree['segments'] : undefined;
  if (!isObject(tree) || !Array.isArray(segments) || segments.length === 0)
    return [{ path: '', message: 'An HL7 v2 message has a list of segments.' }];
  const others = Object.keys(tree).filter((key) => key !== 'segments');
  const [first] = segments;
  return [
    ...others.map((path) => ({ path, message: 'Only segments are written, in their order.' })),
    ...(isObject(first) && first['name'] === 'MSH' ? [] : [{ path: 'segments', message: 'The first segment is MSH.' }]),
    ...segments.slice(1).flatMap((one) => (isObject(one) && one['name'] === 'MSH' ? [SECOND_MSH] : [])),
    ...segments.flatMap(segmentFlaws),
    ...(isObject(first) && (delimitersOf(first)?.escape ?? '') === '' ? [SIGNS] : []),
  ];
}

const SECOND_MSH: TreeFlaw = {
  path: 'segments',
  message: 'Only the first segment is MSH: a second one would be a second message.',
};
const SIGNS: TreeFlaw = {
  path: 'segments',
  message: 'MSH-1 and MSH-2 (f1 and f2 of MSH) are no usable delimiters with an escape character.',
};

function segmentFlaws(segment: unknown): TreeFlaw[] {
  if (!isObject(segment)) return [{ path: 'segments', message: 'A segment is an object with a name and fields.' }];
  const { name } = segment;
  if (typeof name !== 'string' || !/^[A-Z][A-Z0-9]{2}$/.test(name))
    return [{ path: 'segments.name', message: 'A segment has a name of three capitals and digits.' }];
  return Object.entries(segment)
    .filter(([key]) => key !== 'name')
    .flatMap(([key, value]) => {
      const path = `segments.${key}`;
      if (!isNumbered('f', key)) return [{ path, message: 'A segment has fields f1, f2, … and no others.' }];
      return listOf(value).flatMap((one) => fieldFlaws(one, path));
    });
}

function fieldFlaws(value: unknown, path: string): TreeFlaw[] {
  if (!isObject(value))
    return isText(value) ? [] : [{ path, message: 'A field is a text, or an object of components.' }];
  return Object.entries(value).flatMap(([key, part]): TreeFlaw[] => {
    if (key === 'nulls') return nullFlaws(part, `${path}.nulls`);
    if (!isPart(key))
      return [{ path: `${path}.${key}`, message: 'A field has components c1, c2, … and parts of them, c1s2.' }];
    return partFlaws(part, `${path}.${key}`);
  });
}

function partFlaws(part: unknown, path: string): TreeFlaw[] {
  const made = documentIn(part);
  if (made !== undefined) {
    return documentFlaws(made.document).map((flaw) => ({ path: `${path}.pdf.${flaw.path}`, message: flaw.message }));
  }
  return isText(part) ? [] : [{ path, message: 'A component is one text, or one document (pdf).' }];
}

function nullFlaws(value: unknown, path: string): TreeFlaw[] {
  const right = listOf(value).every((one) => typeof one === 'string' && isPart(one));
  return right ? [] : [{ path, message: 'nulls is a list of the parts to be deleted, as in [c1].' }];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isPart(key: string): boolean {
  const [component = '', sub] = key.split('s');
  return isNumbered('c', component) && (sub === undefined || isNumbered('', sub));
}

function isNumbered(letter: string, key: string): boolean {
  const digits = key.slice(letter.length);
  return key.startsWith(letter) && /^[1-9]\d{0,2}$/.test(digits) && Number(digits) <= HIGHEST;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/**
 * Writes a tree without flaws (see `treeFlaws`) as a message: segments in their order, each ended by a carriage return. Texts
 * are escaped, so that no value can become a segment, a field or a deletion. Delimiters are those of f1 and f2 of MSH, the usual ones when
 * those are left out. Documents must have been made before (`withDocuments`). The same tree gives the same text.
 */
export function writeTree(tree: unknown): string {
  const segments = isObject(tree) ? listOf(tree['segments']).filter(isObject) : [];
  const delimiters = (segments[0] && delimitersOf(segments[0])) ?? USUAL_DELIMITERS;
  return segments.map((segment) => `${writeSegment(segment, delimiters)}\r`).join('');
}

function delimitersOf(header: Record<string, unknown>): Delimiters | undefined {
  const sign = (key: string): string | undefined => {
    const [value] = listOf(header[key]);
    const text = isObject(value) ? value['c1'] : value;
    return typeof text === 'string' ? text : undefined;
  };
  const field = sign('f1') ?? USUAL_DELIMITERS.field;
  return readDelimiters(`MSH${field}${sign('f2') ?? encodingCharacters(USUAL_DELIMITERS)}${field}`);
}

function writeSegment(segment: Record<string, unknown>, delimiters: Delimiters): string {
  const isHeader = segment['name'] === 'MSH';
  const fields: string[] = isHeader ? ['MSH', encodingCharacters(delimiters)] : [String(segment['name'])];
  const offset = isHeader ? -1 : 0;
  for (const [key, value] of Object.entries(segment)) {
    const number = isNumbered('f', key) ? Number(key.slice(1)) : 0;
    if (number === 0 || (isHeader && number <= 2)) continue;
    const repetitions = listOf(value).map((one) => writeField(one, delimiters));
    fields[number + offset] = repetitions.join(delimiters.repetition);
  }
  return Array.from(fields, (text) => text ?? '').join(delimiters.field);
}

function writeField(value: unknown, delimiters: Delimiters): string {
  if (!isObject(value)) return escapeText(String(value), delimiters);
  const components: string[][] = [];
  const put = (key: string, text: string): void => {
    const [component = '', sub = '1'] = key.split('s');
    const at = Number(component.slice(1)) - 1;
    const parts = components[at] ?? [];
    components[at] = parts;
    parts[Number(sub) - 1] = text;
  };
  for (const [key, part] of Object.entries(value)) {
    if (key !== 'nulls') put(key, escapeText(String(part), delimiters));
  }
  for (const key of value['nulls'] === undefined ? [] : listOf(value['nulls'])) put(String(key), NULL);
  const written = Array.from(components, (parts) => Array.from(parts ?? [], (one) => one ?? ''));
  return written.map((parts) => parts.join(delimiters.subcomponent)).join(delimiters.component);
}
