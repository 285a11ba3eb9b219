import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { diskIo } from '../../../src/config/disk.ts';
import { loadLibrary } from '../../../src/config/library.ts';
import { surroundings } from './sound-config.ts';

describe('loadLibrary', () => {
  const directories = { mappings: '/etc/hearback/mappings', terminology: '/etc/hearback/terminology' };

  it('takes the mappings and the terminology as they are written, and nothing that stands beside them', () => {
    expect(loadLibrary(directories, surroundings(undefined))).toEqual({
      mappings: [
        { file: '/etc/hearback/mappings/casework/referral.map.yaml', text: 'mapping: casework/referral\n' },
        { file: '/etc/hearback/mappings/casework/report.map.yaml', text: 'mapping: casework/report\n' },
      ],
      terminology: [{ file: '/etc/hearback/terminology/needs.json', text: '{}' }],
    });
  });

  it('passes over a byte order mark, so that no reader of a terminology file stumbles over it', () => {
    const io = { list: () => ['needs.json'], readFile: () => '\uFEFF{}' };
    expect(loadLibrary(directories, io).terminology.map(({ text }) => text)).toContain('{}');
  });

  it('is empty where there are no directories', () => {
    const nowhere = { mappings: '/nowhere/a', terminology: '/nowhere/b' };
    expect(loadLibrary(nowhere, surroundings(undefined))).toEqual({ mappings: [], terminology: [] });
  });
});

describe('diskIo', () => {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  it('lists files below a directory, reads them, and answers undefined for what is not there', () => {
    const root = mkdtempSync(join(tmpdir(), 'hearback-config-'));
    made.push(root);
    mkdirSync(join(root, 'casework'));
    writeFileSync(join(root, 'casework', 'referral.map.yaml'), 'mapping: x\n');
    writeFileSync(join(root, 'a.json'), '{}');
    const io = diskIo({ SET: 'yes' });
    expect(io.list(root)).toEqual(['a.json', 'casework/referral.map.yaml']);
    expect(io.readFile(join(root, 'a.json'))).toBe('{}');
    expect(io.readFile(root)).toBeUndefined();
    expect(io.list(join(root, 'none'))).toBeUndefined();
    expect([io.env('SET'), io.env('UNSET'), io.env('toString')]).toEqual(['yes', undefined, undefined]);
  });
});
