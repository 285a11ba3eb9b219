import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../../src/adapters/fhir-rest/r4-definitions.ts';
import type { Receipt } from '../../../../../src/core/mapping/receipt/receipt.ts';
import type { Terminology } from '../../../../../src/core/terminology/terminology.ts';
import { beside, COLOURS, compiled, inward, outward } from '../small-mapping.ts';

const MAPS = 'maps: { colours: { system: urn:colours, onNoMatch: omit } }\n';

/** `fate element -> pointer:line …` for each element of the input. */
function fates({ input }: Receipt): string[] {
  return input.map(({ element, fate, to, rule }) => {
    const places = to.map(({ pointer, rule: { line } }) => `${pointer}:${line}`);
    const looked = rule === undefined ? '' : ` by ${rule.line}`;
    return `${fate} ${element}${places.length === 0 ? '' : ` -> ${places.join(' ')}`}${looked}`;
  });
}

function receipt(body: string, input: unknown, terminology: Terminology = COLOURS): Receipt {
  const mapping = compiled(inward(body), { terminology });
  const { receipt: given, ...run } = mapping.runWithReceipt(input, { partner: 'p', message: 'm' });
  expect(JSON.stringify(run)).toBe(JSON.stringify(mapping.run(input, { partner: 'p', message: 'm' })));
  return given;
}

describe('the receipt of a run', () => {
  it('tells the same value under the same name from one under another name', () => {
    const given = receipt('result: { a: "{{ a }}", other: "{{ b }}", n: "{{ n.toString() }}" }', {
      a: 'x',
      b: 1,
      n: 3,
    });
    expect(fates(given)).toEqual(['kept /a -> /a:6', 'renamed /b -> /other:6', 'kept /n -> /n:6']);
  });

  it('takes a day in another notation for the same, and an instant that became a day for less', () => {
    const body = 'result: { uk: "{{ d.ukDate() }}", iso: "{{ e.isoDate() }}", day: "{{ t.substring(0, 10) }}" }';
    const given = receipt(body, { d: '1941-05-09', e: '9/5/1941', t: '2026-11-02T09:00:00Z' });
    expect(given.input.map(({ fate }) => fate)).toEqual(['renamed', 'renamed', 'narrowed']);
  });

  it('calls what was joined with others narrowed, and what was joined with nothing not', () => {
    const body = 'result: { both: "{{ a & \' \' & b }}", one: "{{ c.join(\' \') }}", text: "Dear {{ d }}" }';
    const given = receipt(body, { a: 'A', b: 'B', c: ['C'], d: 'D' });
    expect(fates(given)).toEqual([
      'narrowed /a -> /both:6',
      'narrowed /b -> /both:6',
      'renamed /c/0 -> /one:6',
      'narrowed /d -> /text:6',
    ]);
  });

  it('says what only decided, and which line looked at it', () => {
    const body = `result:
  name: "{{ people.where(use = 'now').name }}"
  "{% if flag %}":
    x: fixed
`;
    const given = receipt(body, {
      people: [
        { use: 'now', name: 'N' },
        { use: 'old', name: 'O' },
      ],
      flag: true,
    });
    expect(fates(given)).toEqual([
      'decided /people/0/use by 7',
      'kept /people/0/name -> /name:7',
      'decided /people/1/use by 7',
      'dropped /people/1/name',
      'decided /flag by 8',
    ]);
  });

  it('says of what was read and not taken which line passed it over', () => {
    const given = receipt('result:\n  a: "{{ many }}"\n  when: "{{ born.ukDate() }}"\n', {
      many: ['x', 'y'],
      born: '1941',
    });
    expect(fates(given)).toEqual(['renamed /many/0 -> /a:7', 'dropped /many/1 by 7', 'dropped /born']);
  });

  it('says what came from no input', () => {
    const given = receipt('result: { c: fixed, p: "{{ %partner }}", t: "for {{ %message }}", a: "{{ a }}" }', { a: 1 });
    expect(given.result.map(({ pointer, from, rule }) => [pointer, from, rule.written])).toEqual([
      ['/c', [], '"fixed"'],
      ['/p', [], '{{ %partner }}'],
      ['/t', [], 'for {{ %message }}'],
      ['/a', ['/a'], '{{ a }}'],
    ]);
    expect(given.totals).toEqual({
      kept: 1,
      renamed: 0,
      translated: 0,
      narrowed: 0,
      decided: 0,
      dropped: 0,
      invented: 3,
    });
  });

  it('names map, version, codes and equivalence of a translation', () => {
    const versioned = { ...COLOURS, versionOfMap: () => ({ url: 'urn:map', version: '2' }) };
    const given = receipt(`${MAPS}result: { k: "{{ c.translate('colours') }}" }`, { c: 'red' }, versioned);
    expect(given.input).toEqual([
      expect.objectContaining({
        element: '/c',
        fate: 'translated',
        translations: [
          {
            map: 'colours',
            url: 'urn:map',
            version: '2',
            from: 'urn:colours|red',
            to: 'urn:farben|rot',
            equivalence: 'equal',
          },
        ],
      }),
    ]);
  });

  it('calls a code narrowed whose map says that the target is wider', () => {
    const wider: Terminology = {
      ...COLOURS,
      translate: () => ({ kind: 'match', system: 'urn:farben', code: 'bunt', equivalence: 'wider' }),
    };
    const given = receipt(`${MAPS}result: { k: "{{ c.translateCoding('colours') }}" }`, { c: 'red' }, wider);
    expect(fates(given)).toEqual(['narrowed /c -> /k/system:7 /k/code:7']);
  });

  it('lists a code that the map calls unmatched, and does not repeat a word that it does not know', () => {
    const given = receipt(`${MAPS}result: { k: "{[ c.translate('colours') ]}" }`, { c: ['grue', 'Testwell'] });
    expect(given.input.map(({ fate, translations }) => [fate, translations])).toEqual([
      ['dropped', [{ map: 'colours', from: 'urn:colours|grue', equivalence: 'unmatched' }]],
      ['dropped', [{ map: 'colours', equivalence: 'unknown' }]],
    ]);
    expect(JSON.stringify(given)).not.toContain('Testwell');
  });

  it('keeps the two codes of one call apart', () => {
    const given = receipt(`${MAPS}result: { k: "{{ c.translate('colours') }}" }`, { c: ['red', 'red'] });
    expect(given.input.map(({ fate }) => fate)).toEqual(['translated', 'dropped']);
  });

  it('follows values through variables that a template makes', () => {
    const body = `let: { address: { town: "{{ t }}", fixed: x } }
result: { place: "{{ %address.town }}" }`;
    expect(fates(receipt(body, { t: 'T' }))).toEqual(['renamed /t -> /place:7']);
  });

  it('places what lists and merged objects are put together from', () => {
    const body = `result:
  list:
    - "{[ a ]}"
    - "{% for x in b %}": { k: "{{ %x }}" }
    - "{{ nothing }}"
    - last
  "{% merge %}": ["{{ o }}", { own: "{{ c }}" }]
`;
    const given = receipt(body, { a: ['1', '2'], b: ['3'], c: '4', o: { m: { n: '5' } } });
    expect(given.result.map(({ pointer, from }) => [pointer, ...from])).toEqual([
      ['/list/0', '/a/0'],
      ['/list/1', '/a/1'],
      ['/list/2/k', '/b/0'],
      ['/list/3'],
      ['/m/n', '/o/m/n'],
      ['/own', '/c'],
    ]);
  });

  it('gives the file of the fragment that is responsible', () => {
    const part = beside({ 'a.part.yaml': 'part: a\nparameters: [of]\nresult:\n  inside: "{{ %of.x }}"\n' });
    const mapping = compiled(inward(`result: { "{% include 'a' %}": { of: "{{ o }}" } }`), {}, part);
    const { rule } = mapping.runWithReceipt({ o: { x: 'X' } }, {}).receipt.result[0] ?? {};
    expect(rule).toEqual({ file: 'mappings/a.part.yaml', line: 4, column: 11, written: '{{ %of.x }}' });
  });

  it('names elements as FHIRPath does, choices and what stands under primitives too', () => {
    const text = outward(
      'discloses: [deceased, birthDate]\nresult: { dead: "{{ Bundle.entry.resource.ofType(Patient).deceased }}" }',
    );
    const patient = {
      resourceType: 'Patient',
      deceasedBoolean: false,
      _birthDate: { extension: [{ url: 'urn:x', valueString: 'about' }] },
    };
    const mapping = compiled(text, { elements: loadR4Model() });
    const given = mapping.runWithReceipt({ resourceType: 'Bundle', entry: [{ resource: patient }] }, {}).receipt;
    expect(fates(given)).toEqual([
      'renamed Bundle.entry[0].resource.deceased -> /dead:6',
      'dropped Bundle.entry[0].resource.birthDate.extension[0].url',
      'dropped Bundle.entry[0].resource.birthDate.extension[0].value',
    ]);
  });

  it('holds no value of the message', () => {
    const input = { a: 'Testwell', b: [{ c: 'Sample', use: 'secret' }] };
    const given = receipt('result: { x: "{{ a & b.where(use = \'secret\').c }}" }', input);
    for (const value of ['Testwell', 'Sample']) expect(JSON.stringify(given)).not.toContain(value);
  });
});
