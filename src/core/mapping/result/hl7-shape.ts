import { DOCUMENT_KEY } from '../../hl7v2/encapsulated.ts';
import type { Report } from '../mapping-findings.ts';
import { type ObjectShape, type Shape, shapesOf } from '../template-shape.ts';

const FIELD = /^f[1-9]\d{0,2}$/;
const PART = /^c[1-9]\d{0,2}(s[1-9]\d{0,2})?$/;

/** Says where the template of an HL7 v2 message cannot give segments with fields and components. */
export function checkHl7(shape: Shape, report: Report): void {
  const fields = shape.kind === 'object' ? shape.fields : [];
  if (shape.kind !== 'object' || (!shape.open && fields.length !== 1) || fields.some(({ key }) => key !== 'segments')) {
    report({ offset: shape.offset, ...MESSAGE });
    return;
  }
  for (const { value } of fields) for (const list of shapesOf(value)) checkSegments(list, report);
}

const MESSAGE = {
  rule: 'mapping/result-shape',
  message: 'An HL7 v2 message is its segments, in their order.',
  remedy: 'Write segments: and below it a list: - name: MSH with its fields f3, f4, …, then the next.',
} as const;

function checkSegments(shape: Shape, report: Report): void {
  if (shape.kind !== 'list') {
    if (shape.kind !== 'any-list') report({ offset: shape.offset, ...MESSAGE });
    return;
  }
  for (const item of shape.items) {
    if (item.kind === 'object') checkSegment(item, report);
    else if (item.kind !== 'any') report({ offset: item.offset, ...SEGMENT });
  }
}

function checkSegment(segment: ObjectShape, report: Report): void {
  if (!segment.open && !segment.fields.some(({ key }) => key === 'name'))
    report({ offset: segment.offset, ...SEGMENT });
  for (const { key, value, offset } of segment.fields.filter((one) => one.key !== 'name')) {
    if (!FIELD.test(key)) report({ offset, ...SEGMENT });
    for (const shape of shapesOf(value)) {
      for (const field of shape.kind === 'list' ? shape.items : [shape]) checkParts(field, report);
    }
  }
}

const SEGMENT = {
  rule: 'mapping/result-shape',
  message: 'A segment has a name and fields, f1, f2 and so on; what belongs to it follows it as a segment of its own.',
  remedy: 'Write name: OBX and below it f1: with a text, or with components c1:, c2:; a list repeats the field.',
} as const;

function checkParts(field: Shape, report: Report): void {
  if (field.kind !== 'object') return;
  for (const { key, value, offset } of field.fields) {
    if (key === 'nulls') continue;
    if (!PART.test(key)) report({ offset, ...COMPONENT });
    for (const part of shapesOf(value)) {
      if (isDocument(part)) continue;
      if (part.kind === 'object' || part.kind === 'list' || part.kind === 'any-list')
        report({ offset: part.offset, ...COMPONENT });
    }
  }
}

/** What is in it shows when it runs. */
function isDocument(part: Shape): boolean {
  return part.kind === 'object' && !part.open && part.fields.length === 1 && part.fields[0]?.key === DOCUMENT_KEY;
}

const COMPONENT = {
  rule: 'mapping/result-shape',
  message: 'A field has components c1, c2 and so on, each of them one text.',
  remedy:
    'Write c1: "{{ expr }}"; the second sub-component of the fourth is c4s2; nulls: [c1] writes "" (delete it); c5: with pdf: below it is a document.',
} as const;
