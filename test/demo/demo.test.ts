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
        writeBack: { entries: expect.any(Number), kept: expect.any(Number), degraded: 0, lost: 2 },
        notAsSent: expect.any(Array),
      });
      const { entries, kept, lost } = summary.writeBack;
      expect(kept + lost).toBe(entries);
      // What the record's dictionary does not know is found by reading back, and named.
      expect(summary.notAsSent).toHaveLength(lost);
    },
    LIMIT_MS,
  );
});
