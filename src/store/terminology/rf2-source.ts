import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { RF2_KINDS, type Rf2Kind, rf2KindOf } from '../../core/terminology/rf2/file-kinds.ts';

/** One file of a release, to be read once from its beginning. */
export interface Rf2File {
  /** Below the folder or inside the archive, with `/`. */
  readonly path: string;
  readonly name: string;
  readonly kind: Rf2Kind;
  open(): Promise<Readable>;
}

export interface Rf2Source {
  /** In the order in which they are to be read: by kind, then by name. */
  readonly files: readonly Rf2File[];
  close(): void;
}

/**
 * The Snapshot files of a release, from a folder (searched below) or a .zip.
 * @throws Error when there is no such folder or archive, or the archive is damaged
 */
export async function openRf2Source(path: string): Promise<Rf2Source> {
  return statSync(path).isDirectory() ? folderSource(path) : archiveSource(path);
}

function folderSource(folder: string): Rf2Source {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map((path) => ({
    path: relative(folder, path).replaceAll('\\', '/'),
    open: async () => createReadStream(path, { highWaterMark: 1 << 20 }),
  }));
  return { files: rf2FilesOf(files), close() {} };
}

async function archiveSource(path: string): Promise<Rf2Source> {
  const archive = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (fault, zip) => (fault ? reject(fault) : resolve(zip)));
  });
  const entries = await entriesOf(archive);
  const files = entries.map((entry) => ({
    path: entry.fileName,
    open: () =>
      new Promise<Readable>((resolve, reject) => {
        archive.openReadStream(entry, (fault, stream) => (fault ? reject(fault) : resolve(stream)));
      }),
  }));
  return { files: rf2FilesOf(files), close: () => archive.close() };
}

function entriesOf(archive: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    archive.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry);
      archive.readEntry();
    });
    archive.on('end', () => resolve(entries));
    archive.on('error', reject);
    archive.readEntry();
  });
}

function rf2FilesOf(files: readonly { readonly path: string; open(): Promise<Readable> }[]): Rf2File[] {
  const known = files.flatMap((file) => {
    const name = basename(file.path);
    const kind = rf2KindOf(name);
    return kind === undefined ? [] : [{ ...file, name, kind }];
  });
  const place = ({ kind }: Rf2File) => RF2_KINDS.indexOf(kind);
  return known.sort((one, other) => place(one) - place(other) || (one.name < other.name ? -1 : 1));
}
