import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { compiled, inward, outward } from './small-mapping.ts';

describe('a compiled mapping', () => {
  it('says what it is, with the digest of its file', () => {
    const text = inward('result: { a: é }\n');
    const { name, version, from, to, digest } = compiled(text);
    expect({ name, version, from, to }).toEqual({ name: 'small', version: 1, from: 'json', to: 'fhir/report' });
    expect(digest).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });

  it('has the predefined systems as variables', () => {
    const names = ['nhsNumber', 'ods', 'snomed', 'referralSystem', 'loopState'];
    const { result } = compiled(
      inward(`result:\n${names.map((name) => `  ${name}: "{{ %${name} }}"`).join('\n')}\n`),
    ).run({}, {});
    expect(result).toEqual({
      nhsNumber: 'https://fhir.nhs.uk/Id/nhs-number',
      ods: 'https://fhir.nhs.uk/Id/ods-organization-code',
      snomed: 'http://snomed.info/sct',
      referralSystem: 'https://hearback.example/fhir/Id/referral',
      loopState: 'https://hearback.example/fhir/CodeSystem/loop-state',
    });
  });

  it('has the variables of its direction, and only those', () => {
    const outwardNames = ['referral', 'task', 'now', 'partner', 'message'];
    const given = { referral: 'r', task: 't', now: 'n', partner: 'p', message: 'm', receivedAt: 'a', snomed: 'stolen' };
    const out = compiled(outward(`result: "{{ ${outwardNames.map((name) => `%${name}`).join(' & ')} & %snomed }}"\n`));
    expect(out.run({ resourceType: 'Bundle' }, given).result).toBe('rtnpmhttp://snomed.info/sct');
    expect(compiled(inward('result: "{{ %receivedAt & %partner & %message }}"\n')).run({}, given).result).toBe('apm');
  });

  it('treats a variable that is not given as nothing', () => {
    expect(compiled(inward('result:\n  a: "{{ %partner }}"\n  b: 1\n')).run({}, {}).result).toEqual({ b: 1 });
  });

  it('reads the choices and dates of FHIR by their types', () => {
    const text = outward(
      'let:\n  seen: "{[ Bundle.entry.resource.ofType(Observation) ]}"\nresult:\n  amount: "{{ %seen.value.ofType(Quantity).value }}"\n  day: "{{ %seen.effective }}"\n  before: "{{ %seen.effective < @2026-01-01 }}"\n',
    );
    const observation = { resourceType: 'Observation', valueQuantity: { value: 1.5 }, effectiveDateTime: '2025-11-21' };
    expect(compiled(text).run({ resourceType: 'Bundle', entry: [{ resource: observation }] }, {}).result).toEqual({
      amount: 1.5,
      day: '2025-11-21',
      before: true,
    });
  });

  it('can call further pure functions by name', () => {
    const functions = new Map([
      ['shout', { parameters: 1, apply: (text: string, mark = '') => text.toUpperCase() + mark }],
    ]);
    const mapping = compiled(inward('result: "{[ l.shout(\'!\') ]}"\n'), { functions });
    expect(mapping.run({ l: ['a', 7, 'b'] }, {}).result).toEqual(['A!', 'B!']);
  });
});
