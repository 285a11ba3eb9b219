import { describe, expect, it } from '@jest/globals';
import { withSetIds } from '../../../../src/core/hl7v2/set-ids.ts';

const numbered = (...names: (string | [string, string])[]) => {
  const segments = names.map((one) => (typeof one === 'string' ? { name: one } : { name: one[0], f1: one[1] }));
  const tree = withSetIds({ segments });
  const made = typeof tree === 'object' && tree !== null && 'segments' in tree && tree.segments;
  return (Array.isArray(made) ? made : []).map(({ name, f1 }) => (f1 === undefined ? name : `${name}-${f1}`)).join(' ');
};

describe('the set ids of a message', () => {
  it.each([
    ['results count within their order', 'MSH PID OBR OBX OBX OBR OBX', 'MSH PID OBR-1 OBX-1 OBX-2 OBR-2 OBX-1'],
    ['notes count within what they belong to', 'OBR NTE NTE OBX NTE OBX', 'OBR-1 NTE-1 NTE-2 OBX-1 NTE-1 OBX-2'],
    ['notes between results do not begin the results anew', 'OBR OBX NTE OBX NTE', 'OBR-1 OBX-1 NTE-1 OBX-2 NTE-1'],
    ['orders count within their patient', 'PID OBR OBR PID OBR', 'PID OBR-1 OBR-2 PID OBR-1'],
    ['results of a document', 'TXA OBX OBX', 'TXA OBX-1 OBX-2'],
    ['others are left alone', 'MSH RF1 PRD PID NTE', 'MSH RF1 PRD PID NTE-1'],
  ])('%s', (_what, given, made) => expect(numbered(...given.split(' '))).toBe(made));

  it('are left as the mapping says them', () => {
    expect(numbered('OBR', ['OBX', '7'], 'OBX', 'NTE')).toBe('OBR-1 OBX-7 OBX NTE-1');
  });

  it('are not looked for in what is no message', () => {
    for (const one of [undefined, 'x', { segments: 'x' }, { segments: ['x'] }]) expect(withSetIds(one)).toEqual(one);
  });
});
