import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { CONSTANTS, GIVEN } from '../../../../src/core/mapping/constants.ts';
import { MAPPING_FROM, MAPPING_TO } from '../../../../src/core/mapping/direction.ts';
import { DISCLOSURES } from '../../../../src/core/mapping/disclosures.ts';
import { REFUSED_FUNCTIONS } from '../../../../src/core/mapping/fhirpath-functions.ts';
import { readFunctionCases } from '../../../../src/core/mapping/function-cases.ts';
import { readFunctionSource } from '../../../../src/core/mapping/function-source.ts';
import { MAPPING_FUNCTIONS } from '../../../../src/core/mapping/mapping-functions.ts';
import { readCase } from '../../../../src/core/mapping/read-case.ts';
import { HEADER_KEYS } from '../../../../src/core/mapping/read-header.ts';
import { TRANSLATING_FUNCTIONS } from '../../../../src/core/mapping/translate.ts';
import { beside, COLOURS, compiled, outward } from './small-mapping.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/mapping.md'), 'utf8');
const examples = [...page.matchAll(/```(?:yaml|ts)\n([\s\S]*?)```/g)].map(([, example = '']) => example);

function exampleWith(start: string): string {
  return examples.find((example) => example.startsWith(start)) ?? '';
}

describe('docs/mapping.md', () => {
  it('names every header key, direction, category of disclosure and command', () => {
    const directions = [...MAPPING_FROM, ...MAPPING_TO].map((name) => `\`${name}\``);
    const categories = DISCLOSURES.map((name) => `\`${name}\``);
    const keys = HEADER_KEYS.map((name) => `${name}:`);
    expect([...directions, ...categories, ...keys].filter((name) => !page.includes(name))).toEqual([]);
  });

  it('shows a fragment and an include that work', () => {
    const part = { 'shared/address.part.yaml': exampleWith('part: shared/address') };
    const include = exampleWith('address:').replaceAll('%patient', 'Bundle.entry.resource.ofType(Patient)');
    const text = outward(`result:\n${include.replaceAll(/^/gm, '  ')}\n`);
    const mapping = compiled(text, { elements: loadR4Model() }, beside(part));
    const address = [{ use: 'home', line: ['7 Sample Street'], postalCode: 'SE15 4AB' }];
    const entry = [{ resource: { resourceType: 'Patient', address } }];
    expect(mapping.run({ resourceType: 'Bundle', entry }, {}).result).toEqual({
      address: { lines: ['7 Sample Street'], postcode: 'SE15 4AB' },
    });
  });

  it('shows a function that passes the check, and its cases', () => {
    const { source, findings } = readFunctionSource(exampleWith('/** `se154ab`'), 'casework/postcode.fn.ts');
    expect({ source, findings }).toEqual({ source: { name: 'postcode', parameters: 0 }, findings: [] });
    expect(readFunctionCases(exampleWith('name: Postcodes'), 'f').findings).toEqual([]);
  });

  it('names every function and every variable that there is', () => {
    const functions = [...MAPPING_FUNCTIONS.keys(), ...TRANSLATING_FUNCTIONS].map((name) => `\`${name}(`);
    const refused = [...REFUSED_FUNCTIONS.keys()].map((name) => `\`${name}\``);
    const variables = [...CONSTANTS.keys(), ...Object.values(GIVEN).flat()].map((name) => `\`%${name}\``);
    expect([...functions, ...refused, ...variables].filter((name) => !page.includes(name))).toEqual([]);
  });

  it('shows a mapping that works', () => {
    const text = examples[0]?.replace('acme/referral', 'small') ?? '';
    const mapping = compiled(text, { terminology: { ...COLOURS, hasMap: () => true }, elements: loadR4Model() });
    const patient = {
      resourceType: 'Patient',
      name: [{ given: ['Ada'], family: 'Testwell' }],
      birthDate: '1941-05-09',
    };
    const request = {
      resourceType: 'ServiceRequest',
      priority: 'urgent',
      reasonCode: [{ text: 'Would like company' }],
    };
    const entry = [{ resource: patient }, { resource: request }];
    expect(mapping.run({ resourceType: 'Bundle', entry }, { referral: 'ref-1' })).toEqual({
      result: {
        ref: 'ref-1',
        person: { name: 'Ada Testwell', born: '09/05/1941' },
        needs: [{ text: 'Would like company' }],
        urgent: true,
      },
      unmapped: [],
      findings: [],
    });
  });

  it('shows a case that can be read', () => {
    const { case: one, findings } = readCase(exampleWith('name: A need'), 'f', () => ({}));
    expect(findings).toEqual([]);
    expect(one).toMatchObject({ order: 'ref-1', mustNotContain: ['female'] });
  });
});
