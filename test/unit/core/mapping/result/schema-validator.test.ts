import { describe, expect, it } from '@jest/globals';
import { schemaValidator } from '../../../../../src/core/mapping/result/schema-validator.ts';

const named = (type: string) => ({ $id: 'https://example.org/one', type: 'object', properties: { value: { type } } });

function breaches(type: string, result: unknown): string[] {
  const compiled = schemaValidator(named(type));
  if ('why' in compiled) throw new Error(compiled.why);
  return compiled.validate(result).map(({ pointer, wants }) => `${pointer} ${wants}`);
}

describe('a schema', () => {
  it('is compiled once for everybody who has the same', () => {
    expect(schemaValidator(named('string'))).toBe(schemaValidator(named('string')));
  });

  it('is not taken for another of the same $id', () => {
    expect(breaches('string', { value: 'x' })).toEqual([]);
    expect(breaches('number', { value: 'x' })).toEqual(['/value must be number']);
    expect(breaches('string', { value: 1 })).toEqual(['/value must be string']);
  });

  it('remembers nothing of what it judged before', () => {
    expect(breaches('string', { value: 1 })).toHaveLength(1);
    expect(breaches('string', { value: 'x' })).toEqual([]);
  });

  it('that is none is refused each time with the reason', () => {
    for (let time = 0; time < 2; time += 1) {
      expect(schemaValidator({ type: 'nothing' })).toEqual({ why: expect.stringContaining('type') });
    }
  });
});
