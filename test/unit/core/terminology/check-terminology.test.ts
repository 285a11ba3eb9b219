import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkTerminology } from '../../../../src/core/terminology/check-terminology.ts';
import { literalCodeFindings } from '../../../../src/core/terminology/literal-codes.ts';
import { readSnomedIdentifier } from '../../../../src/core/terminology/snomed-identifier.ts';
import { shippedFiles, shippedTerminology } from '../../../fixtures/terminology/shipped.ts';
import { PROJECT } from '../../../fixtures/town/town-config.ts';

const SNOMED = 'http://snomed.info/sct';
const ORIGIN = { description: 'x', date: '2026-11-25', copyright: 'x' };
const file = (resource: object, name: string) => ({ file: name, text: JSON.stringify({ ...ORIGIN, ...resource }) });

const words = file(
  {
    resourceType: 'CodeSystem',
    id: 'words',
    url: 'urn:words',
    content: 'complete',
    concept: [{ code: 'a' }, { code: 'b' }],
  },
  'words.json',
);
const supplement = file(
  {
    resourceType: 'CodeSystem',
    id: 'sct',
    url: 'urn:sct',
    content: 'supplement',
    supplements: SNOMED,
    concept: [{ code: '267076002', display: 'Feeling lonely' }],
  },
  'sct.json',
);
const map = (id: string, code: string, to: string) =>
  file(
    {
      resourceType: 'ConceptMap',
      id,
      url: `urn:${id}`,
      group: [
        { source: SNOMED, target: 'urn:words', element: [{ code, target: [{ code: to, equivalence: 'equivalent' }] }] },
      ],
    },
    `${id}.json`,
  );
const faults = (...files: { file: string; text: string }[]) =>
  checkTerminology([words, supplement, ...files]).findings.map(
    ({ rule, place }) => `${rule} ${place.file}${place.expression}`,
  );

describe('the shipped terminology', () => {
  it('has nothing wrong with it, and holds the whole starter set', () => {
    const checked = checkTerminology(shippedFiles());
    expect(checked.findings).toEqual([]);
    expect(checked.codes).toBeGreaterThan(200);
    expect(checked.maps).toBeGreaterThan(9);
  });
});

describe('a check says', () => {
  it('nothing of what is right', () => expect(faults(map('m', '267076002', 'a'))).toEqual([]));

  it('which maps point at nothing, and from nothing', () => {
    expect(faults(map('m', '267076002', 'c'))).toEqual([
      'terminology/unknown-code m.json/group/0/element/0/target/0/code',
    ]);
    expect(faults(map('m', '81877007', 'a'))).toEqual(['terminology/unknown-code m.json/group/0/element/0/code']);
    const astray = { resourceType: 'ConceptMap', id: 'm', url: 'urn:m', targetCanonical: 'urn:gone', group: [] };
    expect(faults(file(astray, 'm.json'))).toEqual(['terminology/unknown-value-set m.json/targetCanonical']);
    const set = { resourceType: 'ValueSet', id: 's', url: 'urn:s', compose: { include: [{ valueSet: ['urn:gone'] }] } };
    expect(faults(file(set, 's.json'))).toEqual(['terminology/unknown-value-set s.json/compose/include/0/valueSet']);
  });

  it('which two maps disagree', () => {
    expect(faults(map('m', '267076002', 'a'), map('n', '267076002', 'b'))).toEqual([
      'terminology/maps-disagree n.json/group/0/element/0',
    ]);
    expect(faults(map('m', '267076002', 'a'), map('n', '267076002', 'a'))).toEqual([]);
  });

  it('which identifiers are wrong, and which files do not say where they are from', () => {
    expect(faults(map('m', '267076003', 'a'))[0]).toBe('terminology/snomed-code m.json/group/0/element/0/code');
    const bare = { file: 'b.json', text: JSON.stringify({ resourceType: 'ValueSet', id: 'b', url: 'urn:b' }) };
    expect(faults(bare).map((one) => one.split('/').at(-1))).toEqual(['description', 'date', 'copyright']);
  });

  it('which codes in mapping files are none, or not known', () => {
    const line = (code: string) => [
      { file: 'x.map.yaml', text: `a: "{{ code.where(system = %snomed and code = '${code}') }}"` },
    ];
    const { codes } = shippedTerminology();
    expect(literalCodeFindings(line('425691002'), codes)).toEqual([]);
    expect(literalCodeFindings(line('425691003'), codes)).toMatchObject([{ rule: 'terminology/snomed-code' }]);
    expect(literalCodeFindings(line('871691000000100'), codes)).toMatchObject([
      { rule: 'terminology/unknown-code', place: { line: 1 } },
    ]);
  });
});

const SOURCE = join(PROJECT, '../shared/reference/codes.md');
const there = existsSync(SOURCE);

(there ? describe : describe.skip)(
  `the verified codes (../shared/reference ${there ? 'is here' : 'is not here: skipped'})`,
  () => {
    const verified = new Set(there ? (readFileSync(SOURCE, 'utf8').match(/(?<!\d)[1-9]\d{5,17}(?!\d)/g) ?? []) : []);

    it.each(['terminology', 'mappings', 'docker/simulators'])('are all that stand in %s', (directory) => {
      const root = join(PROJECT, directory);
      const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.(json|ya?ml|ts)$/.test(name),
      );
      const strange = files.flatMap((name) =>
        [...readFileSync(join(root, name), 'utf8').matchAll(/['"]([1-9]\d{5,17})['"]/g)].flatMap(([, code = '']) =>
          readSnomedIdentifier(code).kind === 'valid' && !verified.has(code) ? [`${name} ${code}`] : [],
        ),
      );
      expect(strange).toEqual([]);
    });
  },
);
