import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const PROJECT = join(import.meta.dirname, '../..');
/** Only so that a demonstration that hangs ends: nothing is said about how fast it must be. */
const LIMIT_MS = 180_000;

describe('npm run demo -- --once --json', () => {
  it(
    'ends by itself with forty loops closed or explained, nothing lost and nothing doubled',
    async () => {
      const args = ['--import', 'tsx', 'docker/simulators/demo/main.ts', '--once', '--json'];
      // Rejects when the exit code is not 0, with everything that was said.
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT, timeout: LIMIT_MS });
      const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
      expect(summary).toEqual({
        loops: 40,
        closed: 34,
        explained: 6,
        lost: 0,
        doubled: 0,
        seconds: expect.any(Number),
      });
    },
    LIMIT_MS,
  );
});
