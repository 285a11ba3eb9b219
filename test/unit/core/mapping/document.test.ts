import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { CONSTANTS, GIVEN } from '../../../../src/core/mapping/constants.ts';
import { REFUSED_FUNCTIONS } from '../../../../src/core/mapping/fhirpath-functions.ts';
import { MAPPING_FUNCTIONS } from '../../../../src/core/mapping/mapping-functions.ts';
import { readCase } from '../../../../src/core/mapping/read-case.ts';
import { TRANSLATING_FUNCTIONS } from '../../../../src/core/mapping/translate.ts';
import { COLOURS, compiled } from './small-mapping.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/mapping.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = '']) => example);

describe('docs/mapping.md', () => {
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
    const { case: one, findings } = readCase(examples[1] ?? '', 'f', () => ({}));
    expect(findings).toEqual([]);
    expect(one).toMatchObject({ order: 'ref-1', mustNotContain: ['female'] });
  });
});
