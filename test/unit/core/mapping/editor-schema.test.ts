import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { mappingJsonSchema } from '../../../../src/core/mapping/editor-schema.ts';
import { HEADER_KEYS } from '../../../../src/core/mapping/read-header.ts';

const project = join(import.meta.dirname, '../../../..');
const validate = new Ajv2020({ allowUnionTypes: true }).compile({ ...mappingJsonSchema() });
const data = (text: string): unknown => parse(text, { uniqueKeys: false });
const HEAD = 'mapping: a/b\nversion: 1\nfrom: json\nto: fhir/report\norder: "{{ id }}"\n';

describe('docs/mapping.schema.json', () => {
  it('is what the code says (hearback mappings schema prints it)', () => {
    const published: unknown = JSON.parse(readFileSync(join(project, 'docs/mapping.schema.json'), 'utf8'));
    expect(published).toEqual(mappingJsonSchema());
  });

  it('knows exactly the keys that a mapping can have', () => {
    expect(Object.keys(Object(mappingJsonSchema()['properties'])).sort()).toEqual([...HEADER_KEYS].sort());
  });

  const shipped = readdirSync(join(project, 'mappings'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.map.yaml'),
  );

  it.each(shipped)('lets %s pass', (name) => {
    expect(validate(data(readFileSync(join(project, 'mappings', name), 'utf8')))).toBe(true);
  });

  it.each([
    'result: { a: [1, null, "{{ x }}"] }',
    'require: a\nresult: { "{% include \'shared/a\' %}": { x: 1 }, "{% assign %}": [{ a: 1 }] }',
    'maps: { m: { system: snomed, onNoMatch: text, covers: v } }\ndiscloses: [name]\nfunctions: [tidy]\nschema: ./x.schema.json\nresult: "{{ a }}"',
  ])('lets %j pass', (body) => expect(validate(data(HEAD + body))).toBe(true));

  it.each([
    'result: 1\nrsult: 1',
    'maps: { m: { system: snomed } }\nresult: 1',
    'discloses: [nmae]\nresult: 1',
    'result: { "{{ x }}": 1 }',
    'let: { 1a: 2 }\nresult: 1',
    'version: none\nresult: 1',
  ])('marks %j', (body) => expect(validate(data(HEAD + body))).toBe(false));
});
