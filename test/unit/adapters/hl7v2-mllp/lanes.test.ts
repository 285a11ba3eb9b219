import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { laneKey } from '../../../../src/adapters/hl7v2-mllp/lane-key.ts';
import { Lanes } from '../../../../src/adapters/hl7v2-mllp/lanes.ts';
import { readMessageText } from '../../../../src/core/hl7v2/message.ts';
import { ref } from '../../../fixtures/mllp/messages.ts';

const keyOf = (pid3: string, rule = 'nhs-number') =>
  laneKey(readMessageText(`MSH|^~\\&|A\rPID|1||${pid3}\rPV1|1${'|'.repeat(17)}|V-7^x`), rule);

describe('the lane of a message', () => {
  it.each([
    ['the authority of ITK', '3333333333^^^NHS', '3333333333'],
    ['the type of a PAS', '0000255355^^^^NHS', '0000255355'],
    ['both, as in Wales', '5189214567^^^NHS^NH', '5189214567'],
    ['a repetition that is not the first', '0123123^^^TRUST^MRN~999 000 0018^^^NHS^NH', '9990000018'],
    ['no NHS number at all', '0123123^^^TRUST^MRN', ''],
  ])('is its NHS number by %s', (_what, pid3, key) => {
    expect(keyOf(pid3)).toBe(key);
  });

  it('is what stands at a place, or the partner’s one', () => {
    expect(keyOf('1', 'PV1-19')).toBe('V-7');
    expect(keyOf('1', 'PV1-19.2')).toBe('x');
    expect(keyOf('1', 'ZZZ-1')).toBe('');
    expect(laneKey(readMessageText(ref({ id: 'A' })), 'partner')).toBe('');
    expect(laneKey(undefined, 'nhs-number')).toBe('');
  });
});

describe('lanes', () => {
  it('do one thing at a time, in the order of asking, and others meanwhile', async () => {
    const asked = fc.array(fc.record({ lane: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(4), fails: fc.boolean() }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(asked, async (tasks) => {
        const lanes = new Lanes();
        const busy = new Set<string>();
        const begun: number[] = [];
        const ends = await Promise.allSettled(
          tasks.map(({ lane, turns, fails }, index) =>
            lanes.run(lane, async () => {
              expect(busy.has(lane)).toBe(false);
              busy.add(lane);
              begun.push(index);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              busy.delete(lane);
              if (fails) throw new Error('as told');
            }),
          ),
        );
        expect(ends.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
        for (const lane of ['a', 'b', 'c']) {
          const own = begun.filter((index) => tasks[index]?.lane === lane);
          expect(own).toEqual([...own].sort((one, other) => one - other));
        }
      }),
      { numRuns: 100 },
    );
  });
});
