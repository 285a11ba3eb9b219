import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { isAncestorOrSelf } from '../../../../src/core/terminology/release/concept-graph.ts';
import { importRelease } from '../../../../src/store/terminology/import-release.ts';
import { openRelease } from '../../../../src/store/terminology/open-release.ts';
import { type GeneratedRelease, generatedFile, generateRelease } from '../../../fixtures/snomed/generate-release.ts';
import { zipFolder } from '../../../fixtures/snomed/zip-folder.ts';

const CONCEPTS = 600;
let place: string;
let release: GeneratedRelease;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'hearback-release-'));
  release = await generateRelease(join(place, 'rf2'), {
    concepts: CONCEPTS,
    descriptions: 1_800,
    relationships: 1_800,
    seed: 7,
  });
});
let kept: Promise<GeneratedRelease> | undefined;
/** Large enough to be cut off at, and to be searched through the index. */
const large = () => {
  kept ??= generateRelease(join(place, 'large'), {
    concepts: 2_000,
    descriptions: 6_000,
    relationships: 6_000,
    seed: 5,
  });
  return kept;
};
afterAll(() => rmSync(place, { recursive: true, force: true }));

const quiet = () => {};
async function imported(path: string, directory: string, edition?: string) {
  const done = await importRelease({ path, directory, progress: quiet, ...(edition !== undefined && { edition }) });
  if (done.kind === 'refused') throw new Error(JSON.stringify(done.findings));
  return done.summary;
}

/** Everything a release's file holds, as text. */
function contentOf(file: string): string {
  const database = new Database(file);
  const tables = ['meta', 'part', 'refset', 'description', 'association', 'attribute', 'mapped'];
  const rows = tables.map((table) => database.prepare(`select * from ${table}`).raw(true).all());
  database.close();
  return JSON.stringify(rows, (_name, value: unknown) =>
    Object.prototype.toString.call(value) === '[object ArrayBuffer]' ? bytesOf(value) : value,
  );
}

function bytesOf(value: unknown): string {
  const copy: unknown = structuredClone(value);
  return copy instanceof ArrayBuffer ? Buffer.from(copy).toString('base64') : '';
}

describe('importing a release', () => {
  it('keeps what the files say', async () => {
    const summary = await imported(release.folder, join(place, 'whole'));
    expect(summary).toMatchObject({
      edition: 'gb9999999',
      concepts: CONCEPTS,
      descriptions: 1_800,
      relationships: 1_800,
      refsets: 1,
      membersLeftOut: 0,
    });
    expect(summary.version).toMatch(/^http:\/\/snomed\.info\/sct\/\d+\/version\/20261101$/);
    const opened = openRelease(summary.file);
    const at = (number: number) => opened.find(release.code(number)) ?? -1;
    for (let number = 0; number < CONCEPTS - 4; number += 1) {
      const position = at(number);
      expect(opened.codeOf(position)).toBe(release.code(number));
      const parents = [...opened.parents(position)].map((parent) => opened.codeOf(parent));
      const expected = release.isActive(number) ? release.parents(number).map(release.code) : [];
      expect(parents.sort()).toEqual([...expected].sort());
    }
    expect(opened.name(at(12))).toBe('Thing 12 (finding)');
    expect(opened.display(at(12))).toMatch(/^Thing 12 \w+$/);
    expect(opened.designations(at(12))).toHaveLength(3);
    expect(opened.associations(at(39))).toEqual([{ refset: '900000000000526001', target: release.code(38) }]);
    expect(opened.isActive(at(39))).toBe(false);
    expect(opened.mapTargets(release.map, at(100))).toEqual(['T100']);
    expect(opened.mapSources(release.map, 'T100')).toEqual([at(100)]);
    expect(opened.mapSources(release.map, 't100')).toEqual([]);
    expect(opened.refset(release.refset)).toHaveLength(Math.ceil((CONCEPTS - 4) / 10));
    opened.close();
  });

  it('answers subsumption as the parents in the files say, walked by hand', async () => {
    const opened = openRelease((await imported(release.folder, join(place, 'walk'))).file);
    const above = (number: number): Set<number> =>
      new Set([number, ...release.parents(number).flatMap((parent) => [...above(parent)])]);
    for (let number = 3; number < CONCEPTS - 4; number += 97) {
      if (!release.isActive(number)) continue;
      const ancestors = above(number);
      for (let other = 0; other < CONCEPTS - 4; other += 13) {
        const answer = isAncestorOrSelf(
          opened,
          opened.find(release.code(other)) ?? -1,
          opened.find(release.code(number)) ?? -1,
        );
        expect([other, number, answer]).toEqual([other, number, ancestors.has(other)]);
      }
    }
    opened.close();
  });

  it('finds the same by words whether it asks the index or reads the terms', async () => {
    const opened = openRelease((await imported((await large()).folder, join(place, 'words'))).file);
    const flags = (from: number, to: number) => new Uint8Array(opened.size).fill(1, from, to);
    const half = opened.size / 2;
    const byIndex = opened.search(['thi', '12'], flags(0, opened.size));
    const byTerms = [
      ...opened.search(['thi', '12'], flags(0, half)),
      ...opened.search(['thi', '12'], flags(half, opened.size)),
    ];
    expect(byIndex.length).toBeGreaterThan(20);
    expect(byTerms).toEqual(byIndex);
    expect(byIndex.every((position) => / 12/.test(opened.display(position) ?? ''))).toBe(true);
    opened.close();
  }, 180_000);

  it('makes the same of a .zip as of its folder', async () => {
    const zip = join(place, 'release.zip');
    await zipFolder(release.folder, zip);
    const [fromZip, fromFolder] = [
      await imported(zip, join(place, 'a')),
      await imported(release.folder, join(place, 'b')),
    ];
    expect(contentOf(fromZip.file)).toBe(contentOf(fromFolder.file));
  });

  it('keeps two editions side by side, and an engine goes on with what it opened', async () => {
    const directory = join(place, 'two');
    const other = await generateRelease(join(place, 'other'), {
      concepts: 300,
      descriptions: 900,
      relationships: 900,
      seed: 8,
    });
    const first = await imported(release.folder, directory, 'first');
    const opened = openRelease(first.file);
    const second = await imported(other.folder, directory, 'second');
    expect(readdirSync(directory).sort()).toEqual(['first.snomed.db', 'second.snomed.db']);
    const again = await imported(other.folder, directory, 'first');
    expect(opened.size).toBe(CONCEPTS);
    expect(opened.name(opened.find(release.code(500)) ?? -1)).toBe('Thing 500 (finding)');
    opened.close();
    expect([openRelease(again.file).size, openRelease(second.file).size]).toEqual([300, 300]);
  });
});

describe('a release that is not right', () => {
  const malformed: readonly (readonly [string, Parameters<typeof generatedFile>[0], string])[] = [
    ['too few columns', 'concepts', '12\t20261101'],
    ['an identifier in exponent form', 'descriptions', '1.2E+17\t20261101\t1\t1\t1\ten\t1\tterm\t1'],
    ['a concept that nobody knows', 'relationships', 'REL\t20261101\t1\tMOD\t138875005\t138875005\t0\t116680003\t1\t1'],
    ['a broken check digit', 'concepts', '19999999100\t20261101\t1\t138875005\t900000000000074008'],
    ['a word where a flag belongs', 'simpleRefsets', 'x\t20261101\tyes\t138875005\t138875005\t138875005'],
  ];
  it.each(malformed)('is refused with file and line: %s', async (_what, kind, line) => {
    const folder = mkdtempSync(join(place, 'bad-'));
    const small = await generateRelease(folder, { concepts: 60, descriptions: 180, relationships: 180, seed: 9 });
    const before = await imported(folder, join(folder, 'out'), 'kept');
    const content = contentOf(before.file);
    const file = join(folder, generatedFile(kind));
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n').length;
    appendFileSync(file, `${line.replace('REL', '19999999129').replace('MOD', small.root)}\r\n`);
    const done = await importRelease({
      path: folder,
      directory: join(folder, 'out'),
      edition: 'kept',
      progress: quiet,
    });
    if (done.kind !== 'refused') throw new Error('it was imported');
    expect(done.findings).toHaveLength(1);
    expect(done.findings[0]?.place).toEqual({ file: generatedFile(kind), line: lines + 1 });
    expect(contentOf(before.file)).toBe(content);
    expect(readdirSync(join(folder, 'out'))).toEqual(['kept.snomed.db']);
  });

  it('says which files are missing', async () => {
    const done = await importRelease({ path: mkdtempSync(join(place, 'empty-')), directory: place, progress: quiet });
    expect(done.kind === 'refused' && done.findings.map(({ rule }) => rule)).toEqual(
      Array(3).fill('release/missing-file'),
    );
  });

  it('is refused when a concept stands above itself', async () => {
    const folder = mkdtempSync(join(place, 'loop-'));
    const small = await generateRelease(folder, { concepts: 60, descriptions: 180, relationships: 180, seed: 9 });
    const row = ['19999999129', '20261101', 1, small.root, small.root, small.code(50), 0, '116680003', 1, 1].join('\t');
    appendFileSync(join(folder, generatedFile('relationships')), `${row}\r\n`);
    const done = await importRelease({ path: folder, directory: join(folder, 'out'), progress: quiet });
    expect(done.kind === 'refused' && done.findings.map(({ rule }) => rule)).toEqual(['release/cycle']);
  });
});

describe('an import that is killed', () => {
  it('leaves what was there, and is repeated as if nothing had happened', async () => {
    const directory = join(place, 'killed');
    const before = await imported(release.folder, directory, 'uk');
    const content = contentOf(before.file);
    for (const word of ['sct2_Concept', 'Language', 'sct2_Description']) {
      await killAt(word, (await large()).folder, directory);
      expect(contentOf(before.file)).toBe(content);
    }
    const after = await imported((await large()).folder, directory, 'uk');
    const beside = await imported((await large()).folder, join(place, 'never-killed'), 'uk');
    expect(readdirSync(directory)).toEqual(['uk.snomed.db']);
    expect(contentOf(after.file)).toBe(contentOf(beside.file));
  }, 180_000);
});

/** An import in a process of its own that is killed when it has read a file whose name holds the word. */
async function killAt(word: string, folder: string, directory: string): Promise<void> {
  const script = join(import.meta.dirname, '../../../fixtures/snomed/import-that-dies.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, directory, word], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}
