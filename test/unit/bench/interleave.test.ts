import { describe, expect, it } from '@jest/globals';
import { type Contender, interleave, takeTurns } from '../../../bench/interleave.ts';

/** A clock that only work moves on, so that every figure is known beforehand. */
function world() {
  const time = { now: 0 };
  const turns: string[] = [];
  const seen = new Map<string, Set<object>>();
  const note = (name: string, costMs: number, input: object): void => {
    time.now += costMs;
    if (turns.at(-1) !== name) turns.push(name);
    seen.set(name, (seen.get(name) ?? new Set()).add(input));
  };
  const sync = (name: string, costMs: number): Contender<object> => ({
    name,
    run: (input) => note(name, costMs, input),
  });
  const waiting = (name: string, costMs: number): Contender<object> => ({
    name,
    async runAsync(input) {
      await Promise.resolve();
      note(name, costMs, input);
    },
  });
  const surroundings = { clock: () => time.now, settle: () => turns.push('settle') };
  return { turns, seen, sync, waiting, surroundings };
}

const pace = { rounds: 2, turnMs: 20, warmUpMs: 5 };
const inputs = (): object[] => [{}, {}];

describe('interleave', () => {
  it('lets the contenders work in turns after all have warmed up, and settles before each turn', async () => {
    const { turns, sync, surroundings } = world();
    await interleave([sync('a', 1), sync('b', 2), sync('c', 4)], inputs, pace, surroundings);
    expect(turns.filter((turn) => turn !== 'settle').join('')).toBe('abcabcabc');
    expect(turns.filter((turn) => turn === 'settle')).toHaveLength(9);
  });

  it('counts operations by the second, the warm-up left out', async () => {
    const { sync, surroundings } = world();
    const standings = await interleave([sync('a', 1), sync('b', 4)], inputs, pace, surroundings);
    expect(standings).toEqual([
      { name: 'a', rounds: [1000, 1000], median: 1000, min: 1000, max: 1000, ratio: 1 },
      { name: 'b', rounds: [250, 250], median: 250, min: 250, max: 250, ratio: 0.25 },
    ]);
  });

  it('waits for what is asynchronous', async () => {
    const { waiting, surroundings } = world();
    const [standing] = await interleave([waiting('a', 2)], inputs, pace, surroundings);
    expect(standing?.rounds).toEqual([500, 500]);
  });

  it('gives each contender its own inputs, and all of them', async () => {
    const { sync, seen, surroundings } = world();
    await interleave([sync('a', 1), sync('b', 1)], inputs, pace, surroundings);
    const [ofA, ofB] = [seen.get('a') ?? new Set(), seen.get('b') ?? new Set()];
    expect([ofA.size, ofB.size]).toEqual([2, 2]);
    expect([...ofA].some((input) => ofB.has(input))).toBe(false);
  });
});

describe('takeTurns', () => {
  it('lets those work in turns who measure themselves, and leaves the warm-up out of what they say', async () => {
    const turns: string[] = [];
    const worker = (name: string, rate: number) => ({
      name,
      async turn(ms: number) {
        turns.push(`${name} ${ms}`);
        return ms === pace.warmUpMs ? 1 : rate;
      },
    });
    const standings = await takeTurns([worker('a', 10), worker('b', 5)], pace);
    expect(turns).toEqual(['a 5', 'b 5', 'a 20', 'b 20', 'a 20', 'b 20']);
    expect(standings.map(({ rounds, ratio }) => [rounds, ratio])).toEqual([
      [[10, 10], 1],
      [[5, 5], 0.5],
    ]);
  });
});
