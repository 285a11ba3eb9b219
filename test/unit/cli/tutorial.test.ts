import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runHearback } from './run-hearback.ts';
import { follow, stepsOf } from './run-page.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/mapping-tutorial.md'), 'utf8');
const home = process.cwd();
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-tutorial-'));
  process.chdir(directory);
});

afterAll(() => {
  process.chdir(home);
  rmSync(directory, { recursive: true, force: true });
});

describe('docs/mapping-tutorial.md', () => {
  const steps = stepsOf(page);

  it('has steps to follow', () => {
    expect(steps.filter(({ kind }) => kind === 'command').length).toBeGreaterThan(15);
  });

  it.each(
    steps.map(
      (step, at) =>
        [`${at + 1}. ${step.kind === 'command' ? step.command : `${step.kind} ${step.path}`}`, step] as const,
    ),
  )('%s', async (_name, step) => {
    const printed = await follow(step, async (args) => (await runHearback(args)).printed);
    if (step.kind === 'command') expect(printed).toBe(step.prints);
  });
});
