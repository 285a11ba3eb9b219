import { describe, expect, it } from '@jest/globals';
import { assertAgreement } from '../../../bench/agreement.ts';

const inputs = (): number[] => [1, 2, 3];
const first = { name: 'first', run: (input: number) => ({ twice: input * 2, none: undefined }) };

describe('assertAgreement', () => {
  it('holds when all make the same, waiting or not', async () => {
    const other = { name: 'other', runAsync: async (input: number) => ({ twice: input + input }) };
    await expect(assertAgreement([first, other], inputs)).resolves.toBeUndefined();
  });

  it('names the contender that makes something else of any input', async () => {
    const other = { name: 'other', run: (input: number) => ({ twice: input === 3 ? 7 : input * 2 }) };
    await expect(assertAgreement([first, other], inputs)).rejects.toThrow(
      'other does not make the same as first of input 2',
    );
  });

  it('does not take a number for its text', async () => {
    const other = { name: 'other', run: (input: number) => ({ twice: String(input * 2) }) };
    await expect(assertAgreement([first, other], inputs)).rejects.toThrow('other');
  });
});
