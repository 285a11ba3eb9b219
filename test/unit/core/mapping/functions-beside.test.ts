import { describe, expect, it } from '@jest/globals';
import type { MappingFunction } from '../../../../src/core/mapping/mapping-functions.ts';
import { compiled, findingsOf, inward } from './small-mapping.ts';

const tidy: MappingFunction = { parameters: 0, apply: (text) => text.trim(), text: 'export function tidy…' };
const text = inward('functions: [tidy]\nresult:\n  a: "{{ a.tidy() }}"\n');
const functionFiles = new Map([['tidy', tidy]]);

describe('functions:', () => {
  it('are called by name on each text', () => {
    expect(compiled(text, { functionFiles }).run({ a: ' x ' }, {}).result).toEqual({ a: 'x' });
  });

  it('count in the digest of the mapping', () => {
    const other = new Map([['tidy', { ...tidy, text: 'export function tidy2…' }]]);
    expect(compiled(text, { functionFiles }).digest).not.toBe(compiled(text, { functionFiles: other }).digest);
  });

  it('are known to the mappings that name them only', () => {
    const found = findingsOf(text.replace('functions: [tidy]\n', ''), { functionFiles });
    expect(found.map(({ rule }) => rule)).toEqual(['mapping/unknown-function']);
  });

  it('must be there, beside the mapping', () => {
    const elsewhere = new Map([['other/tidy', tidy]]);
    expect(findingsOf(text, { functionFiles: elsewhere })).toMatchObject([
      { rule: 'mapping/unknown-function-file', place: { line: 6, column: 13 } },
      { rule: 'mapping/unknown-function' },
    ]);
  });

  it('do not stand in for what the language has', () => {
    const own = inward('functions: [ukDate]\nresult: { a: 1 }\n');
    expect(findingsOf(own, { functionFiles: new Map([['ukDate', tidy]]) })).toMatchObject([
      { rule: 'mapping/unknown-function-file' },
    ]);
    expect(findingsOf(inward('functions: [../x]\nresult: { a: 1 }\n'))).toMatchObject([{ rule: 'mapping/functions' }]);
  });

  it('that fail on a message are a finding with the line, and repeat nothing', () => {
    const failing: MappingFunction = {
      parameters: 0,
      apply: (value) => {
        throw new Error(value);
      },
    };
    const { findings } = compiled(text, { functionFiles: new Map([['tidy', failing]]) }).run({ a: 'Testwell' }, {});
    expect(findings).toMatchObject([{ rule: 'mapping/evaluation', place: { line: 8 } }]);
    expect(JSON.stringify(findings)).not.toContain('Testwell');
  });
});
