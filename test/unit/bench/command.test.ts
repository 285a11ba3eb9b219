import { describe, expect, it } from '@jest/globals';
import { runBench } from '../../../bench/command.ts';

async function ran(...args: string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const code = await runBench(args, { out: (line) => out.push(line), error: (line) => error.push(line) });
  return { code, out, error: error.join('\n') };
}

describe('the bench command', () => {
  it.each([
    ['an unknown name', ['nothing-like-it']],
    ['no name', []],
    ['an unknown option', ['mapping', '--fast']],
    ['two names', ['mapping', 'mapping']],
  ])('says for %s what there is, and measures nothing', async (_what, args) => {
    const { code, out, error } = await ran(...args);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(error).toContain('There is: mapping');
  });

  it('repeats a name that it does not know', async () => {
    expect((await ran('nothing-like-it')).error).toContain('nothing-like-it');
  });
});
