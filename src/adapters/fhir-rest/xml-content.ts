import type { ElementDef, R4Model, TypeDef } from '../../core/fhir/model.ts';
import { jsonTypeOf } from '../../core/fhir/primitives.ts';
import { numberDoubt } from '../../core/json/json-scalar.ts';
import type { XmlElement } from '../../core/xml/xml-document.ts';
import { XHTML_NAMESPACE, xhtmlText } from './xml-narrative.ts';

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';

/** What the conversion cannot carry over. Everything that JSON can show is left for the structural check to judge. */
export interface ContentFault {
  readonly kind: 'namespace' | 'attribute' | 'text' | 'resource' | 'precision' | 'name';
  readonly element: XmlElement;
  readonly path: string;
}

interface Conversion {
  readonly model: R4Model;
  readonly faults: ContentFault[];
}

type Json = Record<string, unknown>;

/** Elements as in FHIR R4 xml §2.6.1, converted by the model: lists where R4 has lists, numbers where R4 has numbers. */
export function resourceToJson(conversion: Conversion, element: XmlElement, path: string): Json {
  checkNamespace(conversion, element, path);
  const type = conversion.model.typeNamed(element.name);
  const resource: Json = { resourceType: element.name };
  if (type?.kind === 'resource') fill(conversion, resource, { element, type, path });
  return resource;
}

interface Source {
  readonly element: XmlElement;
  /** Absent below an element that R4 does not have. */
  readonly type: TypeDef | undefined;
  readonly path: string;
}

/** Puts the children of an element into `into`, in their order, and its attributes (id, and the url of extensions). */
function fill(conversion: Conversion, into: Json, { element, type, path }: Source): void {
  for (const [name, value] of element.attributes) {
    if (type?.kind !== 'resource' && (name === 'id' || (name === 'url' && type?.name === 'Extension')))
      into[name] = value;
    else if (name !== 'xsi:schemaLocation') conversion.faults.push({ kind: 'attribute', element, path });
  }
  const counts = new Map<string, number>();
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (child.trim() !== '') conversion.faults.push({ kind: 'text', element, path });
      continue;
    }
    const count = counts.get(child.name) ?? 0;
    counts.set(child.name, count + 1);
    addChild(conversion, into, { child, count, type, path });
  }
}

interface Child {
  readonly child: XmlElement;
  /** How many of the same name came before it. */
  readonly count: number;
  readonly type: TypeDef | undefined;
  readonly path: string;
}

function addChild(conversion: Conversion, into: Json, { child, count, type, path }: Child): void {
  const definition = type?.elements.get(child.name);
  const at = `${path}.${child.name}${definition?.list === true ? `[${count}]` : ''}`;
  if (child.name.startsWith('_')) {
    // `__proto__` and `_status` mean something in JSON that they do not mean in XML.
    conversion.faults.push({ kind: 'name', element: child, path });
    return;
  }
  if (definition?.type !== 'xhtml') checkNamespace(conversion, child, at);
  const kind = definition === undefined ? undefined : conversion.model.typeNamed(definition.type)?.kind;
  if (definition !== undefined && kind === 'primitive')
    addPrimitive(conversion, into, { child, count, definition, at });
  else
    put(into, child.name, {
      value: complexValue(conversion, child, definition, at),
      count,
      list: definition?.list === true,
    });
}

interface Placed {
  readonly value: unknown;
  readonly count: number;
  readonly list: boolean;
}

/** A repetition that R4 does not allow becomes a list all the same, so that nothing is lost and the check can say so. */
function put(into: Json, name: string, { value, count, list }: Placed): void {
  const present = into[name];
  if (!list && count === 0) into[name] = value;
  else if (Array.isArray(present)) present.push(value);
  else into[name] = count === 0 ? [value] : [present, value];
}

function complexValue(
  conversion: Conversion,
  element: XmlElement,
  definition: ElementDef | undefined,
  path: string,
): unknown {
  if (definition?.type === 'Resource') return innerResource(conversion, element, path);
  const object: Json = {};
  const type = definition === undefined ? undefined : conversion.model.typeNamed(definition.type);
  if (definition === undefined) return unknownValue(conversion, element, path);
  fill(conversion, object, { element, type, path });
  return object;
}

/** An element that R4 does not have, kept so that the structural check can name it. */
function unknownValue(conversion: Conversion, element: XmlElement, path: string): unknown {
  const value = element.attributes.get('value');
  if (value !== undefined && element.children.length === 0) return value;
  const object: Json = {};
  fill(conversion, object, { element: { ...element, attributes: new Map() }, type: undefined, path });
  return object;
}

function innerResource(conversion: Conversion, element: XmlElement, path: string): unknown {
  const inner = element.children.filter((child) => typeof child !== 'string');
  const [only] = inner;
  const stray = element.children.some((child) => typeof child === 'string' && child.trim() !== '');
  if (only === undefined || inner.length > 1 || stray) conversion.faults.push({ kind: 'resource', element, path });
  return only === undefined ? {} : resourceToJson(conversion, only, path);
}

interface Primitive {
  readonly child: XmlElement;
  readonly count: number;
  readonly definition: ElementDef;
  readonly at: string;
}

/** The value under the name, id and extensions under `_name`, aligned by nulls in lists (FHIR R4 json §2.6.2.3). */
function addPrimitive(conversion: Conversion, into: Json, primitive: Primitive): void {
  const { child, count, definition, at } = primitive;
  const value = definition.type === 'xhtml' ? narrative(conversion, child, at) : primitiveValue(conversion, primitive);
  const extra = definition.type === 'xhtml' ? {} : extraOf(conversion, child, at);
  // Neither value nor extension: the empty object is what the structural check finds wrong.
  const shown = Object.keys(extra).length > 0 || value === undefined ? extra : undefined;
  if (!definition.list && count === 0) {
    if (value !== undefined) into[definition.name] = value;
    if (shown !== undefined) into[`_${definition.name}`] = shown;
    return;
  }
  align(into, definition.name, { value, count });
  align(into, `_${definition.name}`, { value: shown, count });
}

function align(into: Json, name: string, { value, count }: { value: unknown; count: number }): void {
  const present = into[name];
  if (value === undefined && present === undefined) return;
  const list: unknown[] = Array.isArray(present) ? present : present === undefined ? [] : [present];
  while (list.length < count) list.push(null);
  list.push(value ?? null);
  into[name] = list;
}

function primitiveValue(conversion: Conversion, { child, definition, at }: Primitive): unknown {
  const text = child.attributes.get('value');
  if (text === undefined) return undefined;
  const wanted = jsonTypeOf(definition.type);
  if (wanted === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (wanted === 'string') return text;
  // What is not written as FHIR writes numbers stays text, and the structural check says so.
  const plain = definition.type === 'decimal' ? DECIMAL.test(text) : INTEGER.test(text);
  if (!plain) return text;
  const number = Number(text);
  if (numberDoubt(text, number) !== undefined) conversion.faults.push({ kind: 'precision', element: child, path: at });
  return number;
}

const INTEGER = /^(?:0|[-+]?[1-9][0-9]{0,9})$/;
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})?(?:[eE][+-]?[0-9]{1,3})?$/;

function extraOf(conversion: Conversion, child: XmlElement, path: string): Json {
  const extra: Json = {};
  const attributes = new Map([...child.attributes].filter(([name]) => name !== 'value'));
  const type = conversion.model.typeNamed('Element');
  fill(conversion, extra, { element: { ...child, attributes }, type, path });
  return extra;
}

function narrative(conversion: Conversion, child: XmlElement, path: string): string {
  if (child.namespace !== XHTML_NAMESPACE) conversion.faults.push({ kind: 'namespace', element: child, path });
  return xhtmlText(child);
}

function checkNamespace(conversion: Conversion, element: XmlElement, path: string): void {
  if (element.namespace !== FHIR_NAMESPACE) conversion.faults.push({ kind: 'namespace', element, path });
}
