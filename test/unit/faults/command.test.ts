import { describe, expect, it } from '@jest/globals';
import { runFaults } from '../../faults/command.ts';

async function asked(...args: readonly string[]) {
  const said: string[] = [];
  const code = await runFaults(args, { out: (line) => void said.push(line), error: (line) => void said.push(line) });
  return { code, said: said.join('\n') };
}

describe('npm run faults', () => {
  it.each([
    [['--kind', 'flood']],
    [['--plant', 'typo']],
    [['--runs', '0']],
    [['--runs', 'many']],
    [['--seed', '-1']],
    [['--sede', '7']],
  ])('says how it is called when it is called with %j', async (args) => {
    const { code, said } = await asked(...args);
    expect([code, said]).toEqual([2, expect.stringContaining('Usage: npm run faults')]);
  });
});
