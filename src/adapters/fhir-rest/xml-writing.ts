import type { ElementDef, R4Model, TypeDef } from '../../core/fhir/model.ts';
import { readXml, type XmlElement } from '../../core/xml/xml-document.ts';
import { escapeAttribute, escapeText, XHTML_NAMESPACE, xhtmlText } from './xml-narrative.ts';

type Json = Readonly<Record<string, unknown>>;

interface Writing {
  readonly model: R4Model;
  readonly parts: string[];
}

const NARRATIVE_LIMITS = { maxDepth: 100, maxElements: 100_000 };

/** Writes a resource in the order of the model, which XML prescribes (FHIR R4 xml §2.6.1). Throws when R4 has no such element. */
export function writeResource(writing: Writing, resource: unknown, declaration = ''): void {
  const object = objectAt(resource, 'resource');
  const type = writing.model.typeNamed(String(object['resourceType']));
  if (type?.kind !== 'resource') throw new Error('Only an R4 resource can be written as XML');
  writing.parts.push(`<${type.name}${declaration}>`);
  const { resourceType: _, ...content } = object;
  writeChildren(writing, type, content);
  writing.parts.push(`</${type.name}>`);
}

function writeChildren(writing: Writing, type: TypeDef, object: Json): void {
  const unknown = Object.keys(object).find((name) => !type.elements.has(name.replace(/^_/, '')));
  // Leaving it out would lose data in silence: whoever built the resource built it wrong.
  if (unknown !== undefined) throw new Error(`${type.name} has no element ${unknown}`);
  for (const element of type.elements.values()) {
    if (!isAttribute(type, element)) writeElement(writing, element, object);
  }
}

/** `id` of everything but resources, and the url of an extension, are attributes in XML. */
function isAttribute(type: TypeDef, element: ElementDef): boolean {
  return (element.name === 'id' && type.kind !== 'resource') || (type.name === 'Extension' && element.name === 'url');
}

function attributesOf(type: TypeDef, object: Json): string {
  return [...type.elements.values()]
    .filter((element) => isAttribute(type, element) && object[element.name] !== undefined)
    .map(({ name }) => ` ${name}="${escapeAttribute(String(object[name]))}"`)
    .join('');
}

function writeElement(writing: Writing, element: ElementDef, owner: Json): void {
  const values = listOf(owner[element.name]);
  const extras = listOf(owner[`_${element.name}`]);
  const type = writing.model.typeNamed(element.type);
  if (type === undefined) throw new Error(`R4 has no type ${element.type}`);
  for (let i = 0; i < Math.max(values.length, extras.length); i += 1) {
    if (type.kind === 'primitive') writePrimitive(writing, element, { value: values[i], extra: extras[i] });
    else writeComplex(writing, element, { type, value: values[i] });
  }
}

function writeComplex(writing: Writing, element: ElementDef, { type, value }: { type: TypeDef; value: unknown }): void {
  if (element.type === 'Resource') {
    writing.parts.push(`<${element.name}>`);
    writeResource(writing, value);
  } else {
    const object = objectAt(value, element.name);
    writing.parts.push(`<${element.name}${attributesOf(type, object)}>`);
    writeChildren(writing, type, object);
  }
  writing.parts.push(`</${element.name}>`);
}

function writePrimitive(
  writing: Writing,
  element: ElementDef,
  { value, extra }: { value: unknown; extra: unknown },
): void {
  const type = writing.model.typeNamed('Element');
  if (type === undefined || element.type === 'xhtml') {
    writing.parts.push(narrative(String(value ?? '')));
    return;
  }
  const side = extra === undefined || extra === null ? {} : objectAt(extra, element.name);
  const shown = value === undefined || value === null ? '' : ` value="${escapeAttribute(String(value))}"`;
  writing.parts.push(`<${element.name}${attributesOf(type, side)}${shown}>`);
  writeChildren(writing, type, side);
  writing.parts.push(`</${element.name}>`);
}

/** The div parsed and written again, so that nothing inside it can end the element it stands in. */
function narrative(xhtml: string): string {
  const reading = readXml(xhtml, NARRATIVE_LIMITS);
  const div: XmlElement | undefined = reading.ok && reading.root.name === 'div' ? reading.root : undefined;
  return div === undefined ? `<div xmlns="${XHTML_NAMESPACE}">${escapeText(xhtml)}</div>` : xhtmlText(div);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function objectAt(value: unknown, name: string): Json {
  if (!isObject(value)) throw new Error(`${name} must be an object`);
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
