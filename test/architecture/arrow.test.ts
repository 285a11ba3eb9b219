import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { brokenImportRules } from './judge-imports.ts';
import { impurePlaces } from './judge-purity.ts';

const project = join(import.meta.dirname, '../..');
const planted: string[] = [];

/** A small house with one fault in it: the guard that lets it pass guards nothing. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'hearback-planted-'));
  planted.push(root);
  for (const [name, text] of Object.entries({
    'tsconfig.json': '{}',
    'src/core/sound.ts': 'export const sound = 1;\n',
    ...files,
  })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

afterEach(() => {
  for (const root of planted.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('the arrow holds in the project', () => {
  it('has no import against the arrow, no cycle and no drawer file', () => {
    expect(brokenImportRules(project)).toEqual([]);
  });

  it('has no clock, chance or surroundings in core', () => {
    expect(impurePlaces(project)).toEqual([]);
  });
});

describe('the guard finds a planted fault', () => {
  it('passes a sound house', () => {
    const root = plant({
      'src/flow/step.ts': "import { sound } from '../core/sound.ts';\nexport const step = sound;\n",
    });
    expect([...brokenImportRules(root), ...impurePlaces(root)]).toEqual([]);
  });

  it('an import against the arrow', () => {
    const root = plant({
      'src/flow/step.ts': 'export const step = 1;\n',
      'src/core/inside.ts': "import { step } from '../flow/step.ts';\nexport const inside = step;\n",
    });
    expect(brokenImportRules(root)).toEqual([expect.stringContaining('core-is-inside')]);
  });

  it('an adapter that sees another', () => {
    const root = plant({
      'src/adapters/webhook/outlet.ts': 'export const outlet = 1;\n',
      'src/adapters/amqp/outlet.ts': "import { outlet } from '../webhook/outlet.ts';\nexport const mine = outlet;\n",
    });
    expect(brokenImportRules(root)).toEqual([expect.stringContaining('no-adapter-sees-another')]);
  });

  it.each([
    ['Date.now()', 'export const at = Date.now();\n'],
    ['new Date()', 'export const at = new Date();\n'],
    ['Math.random()', 'export const dice = Math.random();\n'],
    ['process', 'export const home = process.env.HOME;\n'],
    ['import randomUUID', "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();\n"],
  ])('a clock, dice or surroundings in core: %s', (what, text) => {
    const root = plant({ 'src/core/impure.ts': text });
    expect(impurePlaces(root)).toEqual([expect.stringMatching(/^src\/core\/impure[.]ts:\d+ /)]);
    expect(impurePlaces(root)[0]).toContain(what);
  });

  it('a file read in core', () => {
    const root = plant({
      'src/core/reading.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
    });
    expect(brokenImportRules(root)).toEqual([expect.stringContaining('core-is-pure')]);
  });

  it('a cycle', () => {
    const root = plant({
      'src/core/left.ts': "import { right } from './right.ts';\nexport const left = () => right;\n",
      'src/core/right.ts': "import { left } from './left.ts';\nexport const right = () => left;\n",
    });
    expect(brokenImportRules(root)).toEqual(expect.arrayContaining([expect.stringContaining('no-cycle')]));
  });

  it.each(['src/core/utils.ts', 'src/flow/helpers.ts', 'src/core/common/thing.ts', 'src/ops/types.ts'])(
    'a drawer file: %s',
    (name) => {
      const root = plant({ [name]: 'export const thing = 1;\n', 'src/flow/user.ts': '' });
      expect(brokenImportRules(root)).toEqual(expect.arrayContaining([expect.stringContaining('no-drawer')]));
    },
  );
});
