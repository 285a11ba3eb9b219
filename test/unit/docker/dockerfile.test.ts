import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Copy, DockerfileParser, type From } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { readImages } from '../../../docker/plain/image.ts';

const project = join(import.meta.dirname, '../../..');
const file = join(project, 'docker/Dockerfile');
const text = readFileSync(file, 'utf8');
const parsed = DockerfileParser.parse(text);

/** Directories and files that reach the builder: `.dockerignore` refuses everything and lets these through. */
const allowed = readFileSync(join(project, '.dockerignore'), 'utf8')
  .split('\n')
  .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));

/** What is copied from the project itself, not from another stage. */
const copied = parsed.getCOPYs().flatMap((copy: Copy) => {
  if (copy.getFlags().some((flag) => flag.getName() === 'from')) return [];
  return copy
    .getArguments()
    .slice(0, -1)
    .map((argument) => argument.getValue());
});

describe('the Dockerfile', () => {
  it('has no mistake, where one would be found', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
    expect(validate(text.replace('HEALTHCHECK', 'HEALTHCHEK')).map(({ message }) => message)).toEqual([
      'Unknown instruction: HEALTHCHEK',
    ]);
  });

  it('begins from images of one fixed version', () => {
    const stages = new Set(readImages(file).keys());
    const bases = parsed.getFROMs().map((from: From) => from.getImage() ?? '');
    const outer = bases.filter((base) => !stages.has(base));
    expect(new Set(outer)).toEqual(new Set(['node:20.20.2-bookworm-slim']));
  });

  it.each(copied)('copies %s, which is there and reaches the builder', (path) => {
    expect(existsSync(join(project, path))).toBe(true);
    const name = path.replace(/^[.]\//, '');
    expect(allowed.filter((one) => name === one || name.startsWith(`${one}/`))).not.toEqual([]);
  });

  it('lets nothing reach the builder that it does not copy', () => {
    const names = copied.map((path) => path.replace(/^[.]\//, ''));
    expect(allowed.filter((one) => !names.includes(one))).toEqual([]);
  });

  it('has in the image what the package has, save its documents', () => {
    const { files }: { files: string[] } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    const missing = files.filter((one) => one !== 'docs' && one !== 'dist' && !copied.includes(one));
    expect(missing).toEqual([]);
  });

  it.each(['engine', 'simulators'])(
    'runs the %s as nobody of rank, without a shell, and asks whether it is healthy',
    (stage) => {
      const image = readImages(file).get(stage);
      expect(image?.user).toBe('node');
      expect(image?.entrypoint[0]).toBe('node');
      expect(image?.healthcheck).toEqual(['node', 'bin/health.mjs']);
      expect(existsSync(join(project, image?.healthcheck[1] ?? ''))).toBe(true);
    },
  );
});
