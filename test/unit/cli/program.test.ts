import { describe, expect, it } from '@jest/globals';
import { VERBS } from '../../../src/cli/program.ts';

describe('the hearback command', () => {
  it.each(Object.entries(VERBS))('loads for `%s` the command of that name', async (name, load) => {
    expect((await load()).name()).toBe(name);
  });
});
