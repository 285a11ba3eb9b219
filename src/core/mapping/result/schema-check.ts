import { type Report, suggest } from '../mapping-findings.ts';
import { isObject } from '../plain-value.ts';
import type { MappingSource } from '../template.ts';
import { type ObjectShape, type Shape, shapesOf } from '../template-shape.ts';

type Node = Readonly<Record<string, unknown>>;

interface Check {
  readonly root: Node;
  readonly report: Report;
}

/** References that lead round in a circle are followed no deeper than this. */
const MAX_DEPTH = 40;

/**
 * Holds the template against the JSON Schema of its result: required members that no path fills, members that the schema
 * does not have, constants of another type or not among those allowed. Alternatives (oneOf, anyOf, if) are left to the
 * validation of each result.
 */
export function checkAgainstSchema(source: MappingSource, schema: Node, report: Report): void {
  for (const shape of shapesOf(source.result)) checkShape(shape, schema, 0, { root: schema, report });
}

function checkShape(shape: Shape, schema: unknown, depth: number, check: Check): void {
  for (const node of nodesOf(schema, check.root, depth)) {
    if (!checkType(shape, node, check)) continue;
    if (shape.kind === 'object') checkMembers(shape, node, depth, check);
    if (shape.kind === 'list') for (const item of shape.items) checkShape(item, node['items'], depth + 1, check);
  }
}

/** The parts of a schema that all hold at once: itself, what it refers to, and allOf. */
function nodesOf(schema: unknown, root: Node, depth: number): Node[] {
  if (!isObject(schema) || depth > MAX_DEPTH) return [];
  const { $ref: reference, allOf } = schema;
  const referred = typeof reference === 'string' ? nodesOf(resolved(reference, root), root, depth + 1) : [];
  const all = Array.isArray(allOf) ? allOf.flatMap((one) => nodesOf(one, root, depth + 1)) : [];
  return [schema, ...referred, ...all];
}

/** What a reference within the schema leads to (`#/$defs/need`). */
function resolved(reference: string, root: Node): unknown {
  if (!reference.startsWith('#')) return undefined;
  const steps = reference.slice(1).split('/').slice(1);
  return steps.reduce<unknown>((node, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
  }, root);
}

const KINDS: Readonly<Record<Shape['kind'], readonly string[]>> = {
  scalar: [],
  text: ['string'],
  any: ['string', 'number', 'integer', 'boolean', 'object'],
  'any-list': ['array'],
  list: ['array'],
  object: ['object'],
};

/** False, and a flaw, when what the template makes cannot be what the schema wants. */
function checkType(shape: Shape, node: Node, { report }: Check): boolean {
  const wanted = [node['type']].flat().filter((type) => typeof type === 'string');
  const given = shape.kind === 'scalar' ? scalarTypes(shape.template.value) : KINDS[shape.kind];
  if (wanted.length > 0 && !wanted.some((type) => given.includes(type))) {
    report({
      offset: shape.offset,
      rule: 'mapping/schema',
      message: `The JSON Schema wants ${wanted.join(' or ')} here, and this makes ${given[0] ?? 'something else'}.`,
      remedy: 'Mend the template, or the schema if it is out of date.',
    });
    return false;
  }
  if (shape.kind === 'scalar') checkAllowed(shape, node, report);
  return true;
}

function scalarTypes(value: unknown): string[] {
  if (typeof value !== 'number') return [typeof value];
  return Number.isInteger(value) ? ['number', 'integer'] : ['number'];
}

function checkAllowed(shape: Extract<Shape, { kind: 'scalar' }>, node: Node, report: Report): void {
  const allowed = Array.isArray(node['enum']) ? node['enum'] : 'const' in node ? [node['const']] : undefined;
  if (allowed === undefined || allowed.includes(shape.template.value)) return;
  const texts = allowed.filter((one) => typeof one === 'string');
  report({
    offset: shape.offset,
    rule: 'mapping/schema',
    message: 'The JSON Schema does not allow this value here.',
    remedy: suggest(String(shape.template.value), texts, 'See the enum of the schema.'),
  });
}

function checkMembers(shape: ObjectShape, node: Node, depth: number, check: Check): void {
  const properties = isObject(node['properties']) ? node['properties'] : {};
  const required: readonly unknown[] = Array.isArray(node['required']) ? node['required'] : [];
  for (const name of required) {
    if (typeof name !== 'string' || shape.open || shape.fields.some(({ key }) => key === name)) continue;
    check.report({
      offset: shape.offset,
      rule: 'mapping/required-element',
      message: `The JSON Schema requires ${name}, and nothing here makes it.`,
      remedy: suggest(
        name,
        shape.fields.map(({ key }) => key).filter((key) => !Object.hasOwn(properties, key)),
        `Add the key ${name}.`,
      ),
      expression: name,
      issue: 'required',
    });
  }
  for (const { key, offset, value } of shape.fields) {
    if (Object.hasOwn(properties, key)) {
      for (const one of shapesOf(value)) checkShape(one, properties[key], depth + 1, check);
    } else if (node['additionalProperties'] === false && node['patternProperties'] === undefined) {
      check.report({
        offset,
        rule: 'mapping/schema',
        message: 'The JSON Schema has no member of this name here, and allows no others.',
        remedy: suggest(key, Object.keys(properties), 'Remove it, or mend the schema.'),
      });
    }
  }
}
