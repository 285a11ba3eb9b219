import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { ask } from '../../bench/loop/record-place.ts';
import type { RecordPlace } from '../../bench/loop/town.ts';
import { openPostgresStore } from '../../src/store/postgres/open-store.ts';
import { readPlace } from '../../src/store/postgres/place.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import type { WholeRecord } from '../../src/store/whole-record.ts';

/** What SQLite keeps beside a file belongs to it. */
const ENDS = ['', '-wal', '-shm'];

/** A copy of a record, to be spoilt and thrown away. Nobody may be connected to the original. */
export interface Copy {
  readonly place: RecordPlace;
  remove(): Promise<void>;
}

export async function copyOf(original: RecordPlace, number: number): Promise<Copy> {
  if (original.kind === 'sqlite') {
    const file = `${original.file}.${number}`;
    for (const end of ENDS)
      if (existsSync(`${original.file}${end}`)) copyFileSync(`${original.file}${end}`, `${file}${end}`);
    return { place: { kind: 'sqlite', file }, remove: async () => removeFile(file) };
  }
  const url = new URL(original.address);
  const from = url.pathname.slice(1);
  const name = `${from}_${number}`;
  url.pathname = '/postgres';
  await ask(url.href, `create database ${name} template ${from}`);
  const address = new URL(original.address);
  address.pathname = `/${name}`;
  return {
    place: { ...original, address: address.href },
    remove: async () => void (await ask(url.href, `drop database if exists ${name} with (force)`)),
  };
}

/** For looking only. */
export function openCopy(place: RecordPlace): Promise<WholeRecord> {
  if (place.kind === 'sqlite') return openSqliteStore({ file: place.file, readonly: true, worker: false });
  const { address, schema } = place;
  return openPostgresStore({ place: readPlace(address, { schema }), readonly: true, readers: 1 });
}

function removeFile(file: string): void {
  for (const end of ENDS) rmSync(`${file}${end}`, { force: true });
}
