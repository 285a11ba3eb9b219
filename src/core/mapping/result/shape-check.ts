import type { Report } from '../mapping-findings.ts';
import type { MappingSource } from '../template.ts';
import { type ObjectShape, type Shape, shapesOf } from '../template-shape.ts';
import { checkHl7 } from './hl7-shape.ts';
import { ATTRIBUTE, isXmlName, TEXT } from './xml-tree.ts';

/** Says where the template of a form, an XML tree, an HL7 v2 message or a list of messages cannot have the shape that it needs. */
export function checkResultShape(source: MappingSource, report: Report): void {
  const shapes = shapesOf(source.result);
  if (source.to === 'form') for (const shape of shapes) checkForm(shape, report);
  if (source.to === 'xml') for (const shape of shapes) checkRoot(shape, report);
  if (source.to === 'messages') for (const shape of shapes) checkMessages(shape, report);
  if (source.to === 'hl7v2') for (const shape of shapes) checkHl7(shape, report);
}

function checkForm(shape: Shape, report: Report): void {
  if (shape.kind !== 'object') {
    report({ offset: shape.offset, ...FORM, message: 'A form is one object of names with values.' });
    return;
  }
  for (const { value } of shape.fields) {
    for (const inner of shapesOf(value)) {
      if (inner.kind !== 'object' && inner.kind !== 'list' && inner.kind !== 'any-list') continue;
      report({ offset: inner.offset, ...FORM, message: 'A field of a form is one value, never a list or an object.' });
    }
  }
}

const FORM = {
  rule: 'mapping/result-shape',
  remedy: 'Write name: "{{ expr }}"; put several values together with {{ expr.join(\', \') }}.',
} as const;

function checkMessages(shape: Shape, report: Report): void {
  if (shape.kind === 'any' || shape.kind === 'any-list') return;
  for (const item of shape.kind === 'list' ? shape.items : [shape]) {
    const keys = item.kind === 'object' ? item.fields.map(({ key }) => key) : [];
    const open = item.kind === 'any' || (item.kind === 'object' && item.open);
    if (shape.kind === 'list' && (open || (keys.includes('key') && keys.includes('body')))) continue;
    report({ offset: item.offset, ...MESSAGES });
  }
}

const MESSAGES = {
  rule: 'mapping/result-shape',
  message: 'The result is a list of messages, each with a key (what kind of message it is) and a body.',
  remedy: 'Write - key: client.registered and below it body: with what the message holds.',
} as const;

function checkRoot(shape: Shape, report: Report): void {
  if (shape.kind !== 'object' || (!shape.open && new Set(shape.fields.map(({ key }) => key)).size !== 1)) {
    report({
      offset: shape.offset,
      rule: 'mapping/result-shape',
      message: 'An XML document has exactly one root element.',
      remedy: 'Put everything below one key with the name of the root.',
    });
    return;
  }
  checkElements(shape, report);
}

function checkElements(shape: ObjectShape, report: Report): void {
  for (const { key, value, offset } of shape.fields) {
    const attribute = key.startsWith(ATTRIBUTE);
    if (key !== TEXT && !isXmlName(attribute ? key.slice(1) : key)) report({ offset, ...XML_NAME });
    for (const inner of shapesOf(value)) {
      if (attribute || key === TEXT) checkXmlText(inner, report);
      else if (inner.kind === 'object') checkElements(inner, report);
      else if (inner.kind === 'list') checkItems(inner, report);
    }
  }
}

const XML_NAME = {
  rule: 'mapping/result-shape',
  message: 'This cannot be the name of an XML element or attribute.',
  remedy:
    'Use letters, digits, -, _ and ., begin with a letter; @name is an attribute, #text the text beside attributes.',
} as const;

function checkXmlText(shape: Shape, report: Report): void {
  if (shape.kind !== 'object' && shape.kind !== 'list' && shape.kind !== 'any-list') return;
  report({
    offset: shape.offset,
    rule: 'mapping/result-shape',
    message: 'An attribute or a text is one value, never a list or an object.',
    remedy: 'Write it as an element, or choose one value.',
  });
}

function checkItems(list: Extract<Shape, { kind: 'list' }>, report: Report): void {
  for (const item of list.items) if (item.kind === 'object') checkElements(item, report);
}
