import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { rf2NameParts } from '../../core/terminology/rf2/file-kinds.ts';
import { FlawList } from './flaw-list.ts';
import { editionModule, largestModule } from './module-of.ts';
import { ACTIVE, readConcepts } from './read-concepts.ts';
import { readDescriptions } from './read-descriptions.ts';
import { readHierarchy } from './read-hierarchy.ts';
import { readLanguages } from './read-languages.ts';
import { readOtherRefsets, readSimpleRefsets } from './read-refsets.ts';
import type { Progress, Reading } from './read-rows.ts';
import { ReleaseFile } from './release-file.ts';
import { openRf2Source, type Rf2File } from './rf2-source.ts';

/** How the file of an imported edition ends; what stands before it is the edition's name. */
export const RELEASE_SUFFIX = '.snomed.db';

export interface ImportRequest {
  /** A folder or a .zip with an RF2 Snapshot. */
  readonly path: string;
  /** Where imported editions are kept, one file each; made if it is not there. */
  readonly directory: string;
  /** What to call it; left out, it follows from the names of the files (`gb1000000`). */
  readonly edition?: string;
  readonly progress: Progress;
}

export interface ImportSummary {
  readonly edition: string;
  /** `http://snomed.info/sct/{module}/version/{date}` */
  readonly version: string;
  readonly file: string;
  readonly concepts: number;
  readonly activeConcepts: number;
  readonly descriptions: number;
  readonly relationships: number;
  readonly refsets: number;
  /** Members of simple reference sets that are no concepts of the release. */
  readonly membersLeftOut: number;
}

type Imported =
  | { readonly kind: 'imported'; readonly summary: ImportSummary }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/**
 * Reads an RF2 Snapshot into a file of its own. It is written beside the place where it will stand and renamed when it is
 * whole: cut off at any moment, what stood there before stands there still, and the next import clears the remains away.
 * A release with a malformed line is refused whole, with every finding.
 * @throws Error when the path cannot be read or the directory cannot be written
 */
export async function importRelease(request: ImportRequest): Promise<Imported> {
  const source = await openRf2Source(request.path);
  try {
    const missing = missingFiles(source.files, request.path);
    if (missing.length > 0) return { kind: 'refused', findings: missing };
    const edition = request.edition ?? editionNameOf(source.files);
    mkdirSync(request.directory, { recursive: true });
    clearRemains(request.directory);
    const making = join(request.directory, `.${edition}.${process.pid}.importing`);
    const reading: Reading = { files: source.files, flaws: new FlawList(), progress: request.progress };
    const file = new ReleaseFile(making);
    const done = await writeRelease(reading, file, edition).catch((fault: unknown) => {
      file.close();
      rmSync(making, { force: true });
      throw fault;
    });
    if (reading.flaws.count > 0 || done === undefined) {
      rmSync(making, { force: true });
      return { kind: 'refused', findings: reading.flaws.findings() };
    }
    const place = join(request.directory, `${edition}${RELEASE_SUFFIX}`);
    putInPlace(making, place, request.directory);
    return { kind: 'imported', summary: { ...done, file: place } };
  } finally {
    source.close();
  }
}

async function writeRelease(
  reading: Reading,
  file: ReleaseFile,
  edition: string,
): Promise<Omit<ImportSummary, 'file'> | undefined> {
  const module = await editionModule(reading);
  const concepts = await readConcepts(reading);
  const preference = await readLanguages(reading);
  const terms = await readDescriptions(concepts, preference, reading, file);
  const hierarchy = await readHierarchy(concepts, reading);
  const refsets = await readSimpleRefsets(concepts, reading);
  await readOtherRefsets(concepts, reading, file);
  if (reading.flaws.count > 0) {
    file.close();
    return undefined;
  }
  const { index, flags, effectiveTimes, modules } = concepts;
  const summary = {
    edition,
    version: `http://snomed.info/sct/${module ?? largestModule(modules)}/version/${releaseDate(reading.files, effectiveTimes)}`,
    concepts: index.high.length,
    activeConcepts: flags.filter((flag) => (flag & ACTIVE) !== 0).length,
    descriptions: terms.rows,
    relationships: hierarchy.rows,
    refsets: refsets.members.size,
    membersLeftOut: refsets.leftOut,
  };
  const parts = {
    high: index.high,
    low: index.low,
    flags,
    effectiveTimes,
    nameRows: terms.nameRows,
    ...packedTexts(terms.displays),
    parentStarts: hierarchy.parents.starts,
    parents: hierarchy.parents.neighbours,
  };
  for (const [name, array] of Object.entries(parts)) file.addPart(name, array);
  for (const [code, members] of refsets.members) file.addRefset(code, members);
  file.finish(Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, String(value)])));
  return summary;
}

/** All terms to show as one run of UTF-8, with where each begins: they are read a hundred times as often as any other. */
function packedTexts(texts: readonly (string | undefined)[]): { displayStarts: Uint32Array; displayBytes: Uint8Array } {
  const displayStarts = new Uint32Array(texts.length + 1);
  const pieces = texts.map((text, position) => {
    const piece = Buffer.from(text ?? '');
    displayStarts[position + 1] = (displayStarts[position] ?? 0) + piece.length;
    return piece;
  });
  return { displayStarts, displayBytes: Buffer.concat(pieces) };
}

/** The date in the files' names, and without one that of the latest concept. */
function releaseDate(files: readonly Rf2File[], effectiveTimes: Uint32Array): string {
  const named = files.flatMap(({ name }) => rf2NameParts(name).date ?? []).sort();
  return named.at(-1) ?? String(effectiveTimes.reduce((latest, time) => Math.max(latest, time), 0));
}

function editionNameOf(files: readonly Rf2File[]): string {
  const origins = files
    .filter(({ kind }) => kind === 'concepts')
    .flatMap(({ name }) => rf2NameParts(name).origin ?? []);
  return (origins.find((origin) => origin !== 'INT') ?? origins[0] ?? 'snomed').toLowerCase();
}

function missingFiles(files: readonly Rf2File[], path: string): Finding[] {
  const needed = [
    ['concepts', 'sct2_Concept_…Snapshot…txt'],
    ['descriptions', 'sct2_Description_…Snapshot…txt'],
    ['relationships', 'sct2_Relationship_…Snapshot…txt'],
  ] as const;
  return needed
    .filter(([kind]) => !files.some((file) => file.kind === kind))
    .map(([, pattern]) => ({
      severity: 'error',
      rule: 'release/missing-file',
      place: { file: path },
      message: `There is no file ${pattern}.`,
      remedy: 'Give the folder or .zip of an RF2 release with its Snapshot files, as it was downloaded.',
      issue: 'not-found',
    }));
}

function putInPlace(making: string, place: string, directory: string): void {
  flush(making, 'r+');
  renameSync(making, place);
  flush(directory, 'r');
}

function flush(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what imports left that were cut off; one that is still at work keeps its file. */
function clearRemains(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = /^\..*\.(\d+)\.importing(-journal)?$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(directory, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
