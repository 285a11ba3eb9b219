import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockRecord, RecordInUse } from '../../../src/ops/engine-lock.ts';

let directory: string;
let record: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-lock-'));
  record = join(directory, 'hearback.db');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const module = new URL('../../../src/ops/engine-lock.ts', import.meta.url).href;

/** Another process that takes the lock and stays. */
async function otherEngine() {
  const code = `const { lockRecord } = await import(${JSON.stringify(module)});
    lockRecord(${JSON.stringify(record)}, process.pid); console.log('held'); setInterval(() => {}, 1000);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', code];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../../..'),
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock on a record', () => {
  it('lets one engine in, and the next when the first has let go', () => {
    const first = lockRecord(record, 4711);
    expect(() => lockRecord(record, 4712)).toThrow(RecordInUse);
    expect(() => lockRecord(record, 4712)).toThrow(/Another engine \(process 4711\) works on .*engine\.store/s);
    first.release();
    lockRecord(record, 4712).release();
  });

  it('keeps records apart', () => {
    const one = lockRecord(record, 1);
    lockRecord(join(directory, 'another.db'), 1).release();
    one.release();
  });

  it('is free again when the process that held it was killed', async () => {
    const child = await otherEngine();
    expect(() => lockRecord(record, process.pid)).toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockRecord(record, process.pid).release();
  });
});
