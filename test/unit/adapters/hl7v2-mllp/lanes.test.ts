import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { laneKey, mustBeAlone } from '../../../../src/adapters/hl7v2-mllp/lane-key.ts';
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

describe('a message that must be alone', () => {
  it('is one that says of two patients that they are one', () => {
    const merge = readMessageText('MSH|^~\\&|A\rPID|1||2\rMRG|1');
    expect([mustBeAlone(merge), mustBeAlone(readMessageText(ref({ id: 'A' }))), mustBeAlone(undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('lanes', () => {
  it('let nothing run beside what asked to be alone, and keep its place in the order of asking', async () => {
    const asked = fc.array(
      fc.record({ lane: fc.constantFrom('a', 'b', 'alone'), turns: fc.nat(4), fails: fc.boolean() }),
      {
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(asked, async (tasks) => {
        const lanes = new Lanes();
        let under = 0;
        const begun: number[] = [];
        await Promise.allSettled(
          tasks.map(({ lane, turns, fails }, index) => {
            const task = async (): Promise<void> => {
              if (lane === 'alone') expect(under).toBe(0);
              under += 1;
              begun.push(index);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              if (lane === 'alone') expect(under).toBe(1);
              under -= 1;
              if (fails) throw new Error('as told');
            };
            return lane === 'alone' ? lanes.alone(task) : lanes.run(lane, task);
          }),
        );
        expect(begun).toHaveLength(tasks.length);
        for (const [index, { lane }] of tasks.entries()) {
          if (lane !== 'alone') continue;
          const place = begun.indexOf(index);
          expect([...begun.slice(0, place)].every((before) => before < index)).toBe(true);
          expect([...begun.slice(place + 1)].every((after) => after > index)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

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
