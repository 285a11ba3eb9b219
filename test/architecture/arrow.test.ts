import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { foldersInCircles } from './judge-folders.ts';
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

  it.each(['src/flow', 'src/core/loop'])('has no folders in a circle in %s', (room) => {
    expect(foldersInCircles(project, room)).toEqual([]);
  });
});

describe('the guard finds a planted fault', () => {
  it('passes a sound house', () => {
    const pages = ['ports', 'ports-changes', 'ports-queries', 'ports-record'];
    const root = plant({
      'src/flow/step.ts': "import { sound } from '../core/sound.ts';\nexport const step = sound;\n",
      ...Object.fromEntries(pages.map((page) => [`src/${page}.ts`, 'export const door = 1;\n'])),
      ...Object.fromEntries(
        pages.map((page) => [
          `src/flow/by-${page}.ts`,
          `import { door } from '../${page}.ts';\nexport const by = door;\n`,
        ]),
      ),
    });
    expect([...brokenImportRules(root), ...impurePlaces(root)]).toEqual([]);
  });

  it('folders in a circle, though no two files are', () => {
    const root = plant({
      'src/flow/road.ts': "import { out } from './settle/out.ts';\nexport const road = out;\n",
      'src/flow/settle/out.ts': "import { told } from '../write-back/told.ts';\nexport const out = told;\n",
      'src/flow/settle/answer.ts': "import { sound } from '../../core/sound.ts';\nexport const answer = sound;\n",
      'src/flow/write-back/told.ts': 'export const told = 1;\n',
      'src/flow/write-back/heard.ts':
        "import { answer } from '../settle/answer.ts';\nexport const heard = () => answer;\n",
      'src/flow/intake/word.ts': "import { told } from '../write-back/told.ts';\nexport const word = told;\n",
    });
    expect(foldersInCircles(root, 'src/flow')).toEqual(['settle -> write-back -> settle']);
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
});

/** What is planted, and what must be said of it and of nothing else. The files of one fault know none of another's. */
const IMPORT_FAULTS: readonly {
  readonly fault: string;
  readonly files: Record<string, string>;
  readonly rule: string;
}[] = [
  {
    fault: 'an import against the arrow',
    files: {
      'src/flow/step.ts': 'export const step = 1;\n',
      'src/core/inside.ts': "import { step } from '../flow/step.ts';\nexport const inside = step;\n",
    },
    rule: 'core-is-inside',
  },
  {
    fault: 'an adapter that sees another',
    files: {
      'src/adapters/webhook/outlet.ts': 'export const outlet = 1;\n',
      'src/adapters/amqp/outlet.ts': "import { outlet } from '../webhook/outlet.ts';\nexport const mine = outlet;\n",
    },
    rule: 'no-adapter-sees-another',
  },
  {
    fault: 'a sealer that knows the store behind the door',
    files: {
      'src/store/open-log.ts': 'export const openLog = 1;\n',
      'src/journal/sealing.ts': "import { openLog } from '../store/open-log.ts';\nexport const sealing = openLog;\n",
    },
    rule: 'record-and-seal-see-doors',
  },
  {
    fault: 'a road that waits for the seal',
    files: {
      'src/ports-log.ts': 'export const seal = 1;\n',
      'src/flow/sealed-step.ts': "import { seal } from '../ports-log.ts';\nexport const sealedStep = seal;\n",
    },
    rule: 'flow-sees-doors',
  },
  {
    fault: 'a road that knows who signed in',
    files: {
      'src/ports-console.ts': 'export const session = 1;\n',
      'src/flow/watched-step.ts':
        "import { session } from '../ports-console.ts';\nexport const watchedStep = session;\n",
    },
    rule: 'flow-sees-doors',
  },
  {
    fault: 'a road that asks the terminology itself',
    files: {
      'src/ports-terminology.ts': 'export const terms = 1;\n',
      'src/flow/asking-step.ts': "import { terms } from '../ports-terminology.ts';\nexport const askingStep = terms;\n",
    },
    rule: 'flow-sees-doors',
  },
  {
    fault: "a road that reaches past the record's door",
    files: {
      'src/store/open-record.ts': 'export const openRecord = 1;\n',
      'src/flow/hasty-step.ts':
        "import { openRecord } from '../store/open-record.ts';\nexport const hastyStep = openRecord;\n",
    },
    rule: 'flow-sees-doors',
  },
  {
    fault: 'a step that knows the desk',
    files: {
      'src/flow/desk/asked.ts': 'export const asked = 1;\n',
      'src/flow/waiting-step.ts': "import { asked } from './desk/asked.ts';\nexport const waitingStep = asked;\n",
    },
    rule: 'road-needs-no-desk',
  },
  {
    fault: 'a page of doors that sees who stands behind it',
    files: {
      'src/store/open-sqlite.ts': 'export const openSqlite = 1;\n',
      'src/ports-record.ts':
        "import { openSqlite } from './store/open-sqlite.ts';\nexport const record = openSqlite;\n",
    },
    rule: 'ports-see-core',
  },
  {
    fault: 'a page that sees the store behind its door',
    files: {
      'src/store/open.ts': 'export const open = 1;\n',
      'src/console/page.ts': "import { open } from '../store/open.ts';\nexport const page = open;\n",
    },
    rule: 'outer-rooms-see-doors',
  },
  {
    fault: 'a file read in core',
    files: { 'src/core/reading.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n" },
    rule: 'core-is-pure',
  },
  {
    fault: 'a cycle',
    files: {
      'src/core/left.ts': "import { right } from './right.ts';\nexport const left = () => right;\n",
      'src/core/right.ts': "import { left } from './left.ts';\nexport const right = () => left;\n",
    },
    rule: 'no-cycle',
  },
  ...['src/core/utils.ts', 'src/flow/helpers.ts', 'src/core/common/thing.ts', 'src/ops/types.ts'].map((name) => ({
    fault: `a drawer file: ${name}`,
    files: { [name]: 'export const thing = 1;\n' },
    rule: 'no-drawer',
  })),
];

describe('the guard finds, in one house full of them', () => {
  let broken: readonly string[];

  // To start the guard takes longer than to look through the house.
  beforeAll(() => {
    broken = brokenImportRules(plant(Object.assign({}, ...IMPORT_FAULTS.map(({ files }) => files))));
  });

  it.each(IMPORT_FAULTS)('$fault', ({ files, rule }) => {
    const rules = broken.filter((text) => Object.keys(files).some((name) => text.includes(name)));
    expect(rules).not.toEqual([]);
    for (const text of rules) expect(text).toContain(rule);
  });

  it('nothing in what is sound', () => {
    expect(broken.filter((text) => text.includes('src/core/sound.ts'))).toEqual([]);
  });
});
