import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { configJsonSchema, type SchemaNode } from '../../../src/config/json-schema.ts';
import { configurationPage } from '../../../src/config/page.ts';
import { readConfig } from '../../../src/config/read.ts';
import { FILE, surroundings } from './sound-config.ts';

const project = join(import.meta.dirname, '../../..');

/** The document as it is kept; with UPDATE_DOCS=1 it is written anew first. */
function kept(name: string, current: string): string {
  const file = join(project, 'docs', name);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, current);
  return readFileSync(file, 'utf8');
}

describe('the documents say what the code does (UPDATE_DOCS=1 rewrites them)', () => {
  it('the JSON Schema', () => {
    const current = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
    expect(kept('hearback.schema.json', current)).toBe(current);
  });

  it('the page', () => {
    expect(kept('configuration.md', configurationPage())).toBe(configurationPage());
  });

  it('every field has a meaning', () => {
    expect(fieldsWithoutMeaning(configJsonSchema(), '')).toEqual([]);
  });

  it('the example on the page is right', () => {
    const example = /```yaml\n(partners:[\s\S]*?)```/.exec(configurationPage())?.[1];
    const io = surroundings(example);
    const env = (name: string) => io.env(name === 'OAK_ROAD_TOKEN_SHA256' ? 'OAK_ROAD_DIGEST' : 'CASEWORK_SECRET');
    expect(readConfig(FILE, { ...io, env }).findings).toEqual([]);
  });
});

function fieldsWithoutMeaning(node: SchemaNode, path: string): string[] {
  const fields = Object.entries(node.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description ? [] : [`${path}/${name}`]),
    ...fieldsWithoutMeaning(field, `${path}/${name}`),
  ]);
  const kinds = (node.oneOf ?? []).flatMap((kind) => fieldsWithoutMeaning(kind, path));
  return [...fields, ...kinds, ...(node.items ? fieldsWithoutMeaning(node.items, `${path}[]`) : [])];
}
