import { describe, expect, it } from '@jest/globals';
import { codesThroughMapping, codeTrips } from '../../../../../src/core/mapping/receipt/code-trips.ts';
import { compileEcho } from '../../../../../src/core/mapping/receipt/echo.ts';
import { roundTrip } from '../../../../../src/core/mapping/receipt/round-trip.ts';
import type { Terminology, Translation } from '../../../../../src/core/terminology/terminology.ts';
import { COLOURS, compiled, inward } from '../small-mapping.ts';

const TABLE: Readonly<Record<string, Translation>> = {
  red: { kind: 'match', system: 'urn:farben', code: 'rot', equivalence: 'equal' },
  scarlet: { kind: 'match', system: 'urn:farben', code: 'rot', equivalence: 'wider' },
  blue: { kind: 'match', system: 'urn:farben', code: 'blau', equivalence: 'equivalent' },
  azure: { kind: 'match', system: 'urn:farben', code: 'blau', equivalence: 'equivalent' },
  pink: { kind: 'match', system: 'urn:farben', code: 'rosa', equivalence: 'inexact' },
  grue: { kind: 'unmatched', comment: 'two colours at once' },
};
const codes = [...Object.keys(TABLE), 'new'].map((code) => ({ system: 'urn:colours', code }));
const terminology: Terminology = { ...COLOURS, translate: (_map, _system, code) => TABLE[code] ?? { kind: 'unknown' } };

describe('codeTrips', () => {
  it('brings back only what the inverse of the map can tell apart', () => {
    const back = (code: string) => `urn:colours|${code}`;
    expect(
      codeTrips('colours', codes, terminology).map(({ code, outcome, back: came }) => [code, outcome, came]),
    ).toEqual([
      ['red', 'equal', undefined],
      ['scarlet', 'narrowed', [back('red')]],
      ['blue', 'narrowed', [back('blue'), back('azure')]],
      ['azure', 'narrowed', [back('blue'), back('azure')]],
      ['pink', 'narrowed', []],
      ['grue', 'unmatched', undefined],
      ['new', 'held', undefined],
    ]);
  });

  it('asks the map for its other codes when only some are looked at', () => {
    const [blue] = codeTrips('colours', [{ system: 'urn:colours', code: 'blue' }], {
      ...terminology,
      codesOfMap: () => codes,
    });
    expect(blue?.outcome).toBe('narrowed');
  });
});

describe('codesThroughMapping', () => {
  const through = (result: string) => {
    const text = inward(`maps: { colours: { system: urn:colours, onNoMatch: hold } }\nresult: { ${result} }`);
    const inputWith = ({ code }: { code: string }) => ({ input: { c: code }, element: '/c' });
    const trips = codesThroughMapping(codes, {
      mapping: compiled(text, { terminology }),
      terminology,
      variables: {},
      inputWith,
    });
    return trips.map(({ code, outcome }) => `${code} ${outcome}`);
  };

  it('says what a translation leaves of each code', () => {
    const trips = [
      'red equal',
      'scarlet narrowed',
      'blue narrowed',
      'azure narrowed',
      'pink narrowed',
      'grue unmatched',
      'new held',
    ];
    expect(through(`k: "{{ c.translate('colours') }}"`)).toEqual(trips);
  });

  it('sees that a code was sent beside its translation', () => {
    expect(through(`k: "{{ c.translate('colours') }}", as: "{{ c }}"`).every((one) => one.endsWith('equal'))).toBe(
      true,
    );
  });

  it('calls lost what nothing speaks of', () => {
    expect(new Set(through('k: fixed').map((one) => one.split(' ')[1]))).toEqual(new Set(['lost']));
  });
});

describe('roundTrip', () => {
  const out = compiled(inward('result: { ref: "{{ id }}", who: "{{ first & \' \' & last }}", note: "{{ note }}" }'));
  const back = compiled(inward('result: { id: "{{ ref }}", name: "{{ who.lower() }}", extra: "{{ status }}" }'));
  const input = { id: 'r-1', first: 'Ada', last: 'Testwell', note: 'Likes tea', age: 85 };

  it('follows what a platform repeats as it was sent', () => {
    const one = { run: out.runWithReceipt(input, {}) };
    const two = { run: back.runWithReceipt(one.run.result, {}) };
    expect(
      roundTrip(input, undefined, [one, two]).map(({ element, outcome, back: ends, reached }) => [
        element,
        outcome,
        ends,
        reached,
      ]),
    ).toEqual([
      ['/id', 'equal', ['/id'], 1],
      ['/first', 'narrowed', ['/name'], 1],
      ['/last', 'narrowed', ['/name'], 1],
      ['/note', 'lost', [], 0],
      ['/age', 'lost', [], -1],
    ]);
  });

  it('follows it through what the platform is declared to repeat', () => {
    const { echo, findings } = compileEcho(
      'result: { ref: "{{ ref }}", status: accepted }\n',
      'casework.echo.yaml',
      COLOURS,
    );
    expect(findings).toEqual([]);
    if (echo === undefined) throw new Error('no echo');
    const one = { run: out.runWithReceipt(input, {}) };
    const said = { run: echo.runWithReceipt(one.run.result, {}) };
    const two = { run: back.runWithReceipt(said.run.result, {}) };
    expect(two.run.result).toEqual({ id: 'r-1', extra: 'accepted' });
    const trips = roundTrip(input, undefined, [one, said, two]);
    expect(trips.filter(({ outcome }) => outcome !== 'lost').map(({ element }) => element)).toEqual(['/id']);
  });

  it('says what is wrong with a declaration, with its line', () => {
    const { echo, findings } = compileEcho('result:\n  ref: "{{ ref"\n', 'x.echo.yaml', COLOURS);
    expect(echo).toBeUndefined();
    expect(findings[0]?.place).toMatchObject({ file: 'x.echo.yaml', line: 2 });
  });
});
