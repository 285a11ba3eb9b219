import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readStaticFiles, VIEW_DIRECTORIES } from '../../../src/console/static-files.ts';

const PROJECT = join(import.meta.dirname, '../../..');

describe('what the console is made of besides code', () => {
  const [views = ''] = VIEW_DIRECTORIES;
  const uncompiled = [relative(PROJECT, views), relative(PROJECT, join(views, '../public'))];

  it.each(uncompiled)('%s is in the package and in the image, where nothing compiles it', (directory) => {
    const { files }: { files: string[] } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    expect(files).toContain(directory);
    expect(readFileSync(join(PROJECT, 'docker/Dockerfile'), 'utf8')).toContain(`${directory} ./${directory}`);
  });

  it('has an address that changes with what is in it, and the same one for the same files', () => {
    const [one, other] = [readStaticFiles(), readStaticFiles()];
    expect(one.release).toBe(other.release);
    expect(one.release).toMatch(/^[0-9a-f]{12}$/);
    expect(one.find('0'.repeat(12), 'console.css')).toBeUndefined();
    expect(one.find(one.release, 'console.css')?.contentType).toBe('text/css; charset=utf-8');
  });
});
