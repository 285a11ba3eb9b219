import { describe, expect, it } from '@jest/globals';
import { compiled, FILE, findingsOf, inward, outward } from './small-mapping.ts';

const text = (policy: string, expression = "colour.translate('colours')") =>
  inward(`maps:\n  colours: { system: urn:colours, onNoMatch: ${policy} }\nresult:\n  colour: "{{ ${expression} }}"\n`);
const run = (policy: string, colour: unknown, expression?: string) =>
  compiled(text(policy, expression)).run({ colour }, {});

describe('translate', () => {
  it.each(['hold', 'fail', 'omit', 'text'])('gives the code of a match, whatever the policy (%s)', (policy) => {
    expect(run(policy, 'red')).toEqual({ result: { colour: 'rot' }, unmapped: [], findings: [] });
  });

  it('reads a coding by its own system, and the code of one by the system beside it', () => {
    expect(run('omit', { system: 'urn:colours', code: 'red' }).result).toEqual({ colour: 'rot' });
    expect(run('omit', { system: 'urn:other', code: 'red' }).result).toBeUndefined();
    expect(
      run('omit', { system: 'urn:other', code: 'red' }, "colour.code.translate('colours')").result,
    ).toBeUndefined();
    expect(run('omit', { code: 'red' }, "colour.code.translate('colours')").result).toEqual({ colour: 'rot' });
  });

  it('translateCoding gives system, code and display', () => {
    expect(run('hold', 'red', "colour.translateCoding('colours')").result).toEqual({
      colour: { system: 'urn:farben', code: 'rot', display: 'Rot' },
    });
    expect(run('hold', 'red', "colour.translateCoding('colours').display").result).toEqual({ colour: 'Rot' });
  });

  it('holds a code that the map does not know, once, and says where it stood', () => {
    const twice = inward(
      'maps:\n  colours: { system: urn:colours, onNoMatch: hold }\nresult:\n  a: "{{ o.colour.translate(\'colours\') }}"\n  b: "{[ o.colour.translate(\'colours\') ]}"\n  c: 1\n',
    );
    const held = compiled(twice).run({ o: { colour: ['mauve', 'mauve'] } }, {});
    expect(held.unmapped).toEqual([{ map: 'colours', system: 'urn:colours', code: 'mauve', element: '/o/colour/1' }]);
    expect(held.result).toEqual({ c: 1 });
  });

  it('does not ask again about a code that is written down as unmatched', () => {
    expect(run('hold', 'grue')).toEqual({ unmapped: [], findings: [] });
  });

  it('fails on either when told to, without repeating the code', () => {
    for (const colour of ['mauve', 'grue']) {
      const { findings } = run('fail', colour);
      expect(findings).toMatchObject([
        { rule: 'mapping/no-counterpart', severity: 'error', place: { file: FILE, line: 9 } },
      ]);
      expect(JSON.stringify(findings)).not.toContain(colour);
    }
  });

  it('passes the display on when told to, else the word, but never a bare SNOMED CT number', () => {
    expect(run('text', 'mauve').result).toEqual({ colour: 'mauve' });
    expect(run('text', { system: 'urn:colours', code: 'm', display: 'Mauve' }).result).toEqual({ colour: 'Mauve' });
    expect(run('text', { system: 'http://snomed.info/sct', code: '267076002' }).result).toBeUndefined();
  });

  it('gives nothing for a coding without a code, and refuses what is no code at all', () => {
    expect(run('hold', { display: 'Reddish' })).toEqual({ unmapped: [], findings: [] });
    expect(run('hold', 7).findings).toMatchObject([{ rule: 'mapping/not-a-code' }]);
    expect(run('hold', { coding: [{ code: 'red' }] }).findings).toMatchObject([{ rule: 'mapping/not-a-code' }]);
  });

  it('keeps the path of a dossier’s code as FHIRPath', () => {
    const mapping = compiled(
      outward(
        'maps:\n  colours: { system: snomed, onNoMatch: hold }\nlet:\n  request: "{{ Bundle.entry.resource.ofType(ServiceRequest) }}"\nresult:\n  a: "{{ %request.reasonCode.coding.translate(\'colours\') }}"\n',
      ),
    );
    const reasonCode = [{ coding: [{ system: 'urn:x', code: '1' }] }];
    const input = { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'ServiceRequest', reasonCode } }] };
    expect(mapping.run(input, {}).unmapped[0]?.element).toBe('Bundle.entry[0].resource.reasonCode[0].coding[0].code');
  });

  it('does not report what is missing only because a code is held', () => {
    const needed = text('hold').replace('result:', 'require: [colour]\nresult:');
    expect(compiled(needed).run({ colour: 'mauve' }, {}).findings).toEqual([]);
    expect(compiled(needed).run({ colour: 'grue' }, {}).findings).toMatchObject([{ rule: 'mapping/required' }]);
  });
});

describe('the section maps', () => {
  const rules = (maps: string, expression = "'x'.translate('colours')") =>
    findingsOf(inward(`${maps}result:\n  a: "{{ ${expression} }}"\n`)).map(({ rule, place, remedy }) => [
      rule,
      place.line,
      remedy,
    ]);

  it('must say what happens without a match: there is no default', () => {
    expect(rules('maps:\n  colours: { system: urn:colours }\n')).toEqual([
      ['mapping/no-match', 7, expect.stringContaining('no default')],
    ]);
  });

  it('must name the code system', () => {
    expect(rules('maps:\n  colours: { onNoMatch: hold }\n')).toMatchObject([['mapping/system', 7, expect.any(String)]]);
    expect(rules('maps:\n  colours: { system: snomd, onNoMatch: hold }\n')).toMatchObject([
      ['mapping/system', 7, expect.any(String)],
    ]);
  });

  it('must name maps that exist', () => {
    expect(rules('maps:\n  colors: { system: snomed, onNoMatch: hold }\n')).toEqual([
      ['mapping/unknown-map', 7, expect.any(String)],
      ['mapping/undeclared-map', 9, 'Did you mean "colors"?'],
    ]);
  });

  it('must know each map that is used, by a name that stands there as text', () => {
    expect(rules('', "'x'.translate(y)")).toMatchObject([['mapping/map-name', 7, expect.any(String)]]);
    expect(rules('')).toMatchObject([['mapping/undeclared-map', 7, expect.any(String)]]);
  });
});
