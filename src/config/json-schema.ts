import { z } from 'zod';
import type { Path } from './problem.ts';
import { configSchema } from './schema.ts';
import { isSection } from './spot.ts';

/** What we read of a JSON Schema (draft 2020-12); the whole of it goes into the published file. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  /** What stands behind names that are not fixed. */
  readonly additionalProperties?: SchemaNode | boolean;
  readonly oneOf?: readonly SchemaNode[];
  /** A text or a section. */
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The JSON Schema of `hearback.yaml`, for editors: what may be written, with meanings and defaults. */
export function configJsonSchema(): SchemaNode & Readonly<Record<string, unknown>> {
  const generated = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
  const described = { title: 'Hearback configuration', description: 'hearback.yaml', ...generated };
  return asNode(JSON.parse(JSON.stringify(described)));
}

let published: SchemaNode | undefined;

/** The keys that are known where `path` leads; of several kinds (inlets, outlets) those of the kind that `raw` chose. */
export function knownKeys(path: Path, raw: unknown): readonly string[] {
  published ??= configJsonSchema();
  let node: SchemaNode | undefined = published;
  let value = raw;
  for (const step of path) {
    node = typeof step === 'number' ? chosen(node, value)?.items : chosen(node, value)?.properties?.[step];
    value = inside(value, step);
  }
  return Object.keys(chosen(node, value)?.properties ?? {});
}

function chosen(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
  if (node?.anyOf !== undefined) return sectionOf(node);
  if (node?.oneOf === undefined) return node;
  const type = inside(value, 'type');
  return node.oneOf.find((kind) => kind.properties?.['type']?.const === type);
}

/** Of what may be a text or a section: the section. */
export function sectionOf(node: SchemaNode): SchemaNode | undefined {
  return node.anyOf?.find((kind) => kind.properties !== undefined);
}

function inside(value: unknown, step: string | number): unknown {
  if (Array.isArray(value) && typeof step === 'number') return value[step];
  return isSection(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

function asNode(value: unknown): SchemaNode & Readonly<Record<string, unknown>> {
  if (!isSection(value)) throw new Error('the generated JSON Schema is not an object');
  return value;
}
