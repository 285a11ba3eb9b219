import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { compileMapping } from '../../../../src/core/mapping/compile.ts';
import { keptFiles } from '../../../../src/core/mapping/kept-files.ts';
import { findIn } from '../../../../src/core/mapping/library.ts';
import { parseMapping } from '../../../../src/core/mapping/parse.ts';
import { beside, COLOURS, compiled, findingsOf } from './small-mapping.ts';

const BASE = `mapping: shared/base
version: 4
from: json
to: fhir/report
order: "{{ id }}"
let:
  number: "{{ id }}"
  shown: "{{ 'no. ' & %number }}"
result:
  said: "{{ %shown }}"
  "{% include 'shared/part' %}": { of: "{{ %number }}" }
`;
const FILES = {
  'shared/base.map.yaml': BASE,
  'shared/part.part.yaml': 'part: shared/part\nparameters: [of]\nresult: { part: "{{ %of }}" }\n',
  'shared/based.map.yaml': 'mapping: shared/based\nversion: 1\nbase: shared/base\n',
  'shared/broken.map.yaml': BASE.replace('shared/base', 'shared/broken').replace('%shown }}', '%shwon }}'),
  'shared/beside.map.yaml': BASE.replace('shared/base', 'shared/beside').replace('let:', 'functions: [tidy]\nlet:'),
  'shared/outward.map.yaml':
    'mapping: shared/outward\nversion: 1\nfrom: fhir/referral\nto: json\nresult: { a: "{{ %referral }}" }\n',
};
const find = beside(FILES);

/** A mapping whose base is `shared/base`, with further lines. */
const site = (lines = '', base = 'shared/base') => `mapping: small\nversion: 2\nbase: ${base}\n${lines}`;
const OTHER_NUMBER = 'let:\n  number: "{{ other }}"\n';

describe('a mapping with a base', () => {
  it('is the base with its own variables in the place of those of the same name', () => {
    const own = compiled(site(OTHER_NUMBER), {}, find);
    expect(own.run({ id: 'a', other: 'b' }, {}).result).toEqual({ said: 'no. b', part: 'b' });
    expect([own.name, own.version, own.from, own.to]).toEqual(['small', 2, 'json', 'fhir/report']);
    expect(own.orderOf({ id: 'a', other: 'b' })).toBe('a');
  });

  it('can have an order of its own, and a variable that is nothing', () => {
    const own = compiled(site('order: "{{ other }}"\nlet:\n  number:\n'), {}, find);
    expect(own.orderOf({ id: 'a', other: 'b' })).toBe('b');
    expect(own.run({ id: 'a', other: 'b' }, {}).result).toEqual({ said: 'no. ' });
  });

  it('is another mapping when the base or one of its fragments is', () => {
    const digests = [find, beside({ ...FILES, 'shared/base.map.yaml': `${BASE}# more\n` })].map(
      (one) => compiled(site(OTHER_NUMBER), {}, one).digest,
    );
    expect(new Set([...digests, compiled(site(), {}, find).digest]).size).toBe(3);
  });

  it('says in its receipt which file made what of what it reads', () => {
    const own = compiled(site(OTHER_NUMBER), {}, find);
    const { receipt } = own.runWithReceipt({ id: 'a', other: 'b' }, {});
    expect(receipt.input.map(({ element, fate, to }) => [element, fate, to.map(({ rule }) => rule.file)])).toEqual([
      ['/id', 'dropped', []],
      ['/other', 'renamed', ['mappings/shared/base.map.yaml', 'mappings/shared/part.part.yaml']],
    ]);
  });

  it('is kept with its base, and can be run from what is kept', () => {
    const { source } = parseMapping(site(OTHER_NUMBER), 'mappings/small.map.yaml', find);
    if (source === undefined) throw new Error('it has a flaw');
    const { mapping } = compileMapping(source, { terminology: COLOURS });
    if (mapping === undefined) throw new Error('it has a flaw');
    const files = keptFiles(
      { path: 'small.map.yaml', source, mapping },
      { directory: 'mappings', environment: {}, functionEnding: '.fn.ts' },
    );
    expect(files.map(({ file }) => file)).toEqual(['small.map.yaml', 'shared/base.map.yaml', 'shared/part.part.yaml']);
    const again = parseMapping(files[0]?.text ?? '', 'kept/small.map.yaml', findIn(files, 'kept'));
    expect(again.source && compileMapping(again.source, { terminology: COLOURS }).mapping?.digest).toBe(mapping.digest);
  });

  it.each<[what: string, text: string, rule: string, place: object]>([
    [
      'a variable that the base does not have',
      site('let:\n  numbre: "{{ other }}"\n'),
      'unknown-variable',
      { line: 5, column: 3 },
    ],
    [
      'a variable given twice',
      site('let:\n  - number: "1"\n  - number: "2"\n'),
      'duplicate-key',
      { line: 6, column: 5 },
    ],
    ['a base that is not there', site('', 'shared/bas'), 'unknown-base', { line: 3, column: 7 }],
    ['itself as its base', site('', 'small'), 'unknown-base', { line: 3, column: 7 }],
    ['a base with a base', site('', 'shared/based'), 'base-of-base', { line: 3, column: 7 }],
    ['a base with functions', site('', 'shared/beside'), 'base-functions', { line: 3, column: 7 }],
    ['an order where the base goes out', site('order: "{{ a }}"\n', 'shared/outward'), 'order', { line: 4, column: 8 }],
    ['what is the business of the base', site('from: json\n'), 'unknown-key', { line: 4, column: 1 }],
    ['no version', 'mapping: small\nbase: shared/base\n', 'missing-key', { line: 1, column: 1 }],
    [
      'a mistake in a variable of its own',
      site('let:\n  number: "{{ %x }}"\n'),
      'unknown-variable',
      { line: 5, column: 15 },
    ],
    [
      'a mistake in the base, in the file of the base',
      site('', 'shared/broken'),
      'unknown-variable',
      { file: 'mappings/shared/broken.map.yaml', line: 10, column: 13 },
    ],
  ])('says with its place: %s', (_what, text, rule, place) => {
    const found = findingsOf(text, { elements: loadR4Model() }, find);
    expect(found).toContainEqual(
      expect.objectContaining({ severity: 'error', rule: `mapping/${rule}`, place: expect.objectContaining(place) }),
    );
  });

  it('suggests the variable that was meant', () => {
    const [first] = findingsOf(site('let: { numbre: "{{ other }}" }\n'), {}, find);
    expect(first?.remedy).toBe('Did you mean "number"?');
  });
});
