import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { diskIo } from '../config/disk.ts';
import { readSecret } from '../config/read-secret.ts';
import { lockRecord } from '../ops/engine-lock.ts';
import { type CopiedRows, type CopyProgress, copyRecord } from '../store/copy/copy-record.ts';
import { openPostgresStore } from '../store/postgres/open-store.ts';
import { type Place, readPlace } from '../store/postgres/place.ts';
import { keyFileBeside } from '../wire-log.ts';
import { WrongUse } from './exit-code.ts';
import { journalLooks } from './journal-look.ts';

/** `hearback store`: the record as a whole. */
export function storeCommand(): Command {
  return new Command('store').description('The record as a whole.').addCommand(copyCommand());
}

interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly schema: string;
  readonly ca?: string;
  readonly local?: boolean;
  readonly json?: boolean;
}

function copyCommand(): Command {
  return new Command('copy')
    .description('Copy a SQLite record into PostgreSQL, compared by digest: whole, or not at all.')
    .requiredOption('--from <sqlite:FILE>', 'the record; no engine may be working on it')
    .requiredOption(
      '--to <postgres:env:NAME>',
      'the variable that holds the address, or postgres:file:PATH for a file that does',
    )
    .option('--schema <name>', 'the schema that is to hold it, empty or not there yet', 'hearback')
    .option(
      '--ca <file>',
      'PEM file with the authority of the server’s certificate, when the machine does not trust it',
    )
    .option('--local', 'the server stands on the same machine or private network: nothing is encrypted')
    .option('--json', 'print the figures as one line of JSON')
    .addHelpText(
      'after',
      '\nThe file stays as it is. Stopped half-way, nothing is left in the database, and it may simply be begun again.' +
        '\nAfterwards name the database in engine.store and the key of its log (FILE.log-key, or what engine.log.key names already)' +
        '\nin engine.log.key, start the engine, and put the file away.',
    )
    .action(async (options: CopyOptions) => {
      const file = sqliteFile(options.from);
      const place = readPlace(addressOf(options.to), { schema: options.schema, ...tlsOf(options) });
      const lock = lockRecord(file, process.pid);
      try {
        const started = performance.now();
        const copied = await copyRecord({ file, place, now: new Date().toISOString(), onProgress: teller() });
        await noteCopy(place, copied);
        report(copied, Math.round((performance.now() - started) / 100) / 10, options);
        sayKey(file);
      } finally {
        lock.release();
      }
    });
}

/** The copy says of itself who made it: everything in it was read. */
async function noteCopy(place: Place, copied: readonly CopiedRows[]): Promise<void> {
  const store = await openPostgresStore({ place });
  try {
    const rows = copied.reduce((sum, one) => sum + one.rows, 0);
    await journalLooks(store, [{ kind: 'store.copied', command: 'copy', detail: { rows } }]);
  } finally {
    await store.close();
  }
}

function sqliteFile(from: string): string {
  const file = /^sqlite:(?!:)(\S.*)$/.exec(from)?.[1];
  if (file === undefined) throw new WrongUse('Write --from sqlite: and the path of the record’s file.');
  if (!existsSync(file)) throw new WrongUse(`There is no record at ${file}.`);
  return resolve(file);
}

/** Never the address itself: what stands in a command line is seen by everybody on the machine, and kept by the shell. */
function addressOf(to: string): string {
  const [, key, name] = /^postgres:(env|file):(.+)$/.exec(to) ?? [];
  if (key === undefined || name === undefined) {
    const isLiteral = /^postgres(?:ql)?:\/\//.test(to);
    throw new WrongUse(
      `Write --to postgres:env:NAME or postgres:file:PATH, where the address is kept.${
        isLiteral ? ' If the one you wrote had a password in it, change the password: it has been written down.' : ''
      }`,
    );
  }
  const read = readSecret({ key, name, need: 'database' }, { file: resolve('hearback.yaml'), io: diskIo(process.env) });
  if (read === undefined || 'flaw' in read) throw new WrongUse(`${to}: ${read?.flaw.message} ${read?.flaw.remedy}`);
  return read.value;
}

function tlsOf({ ca, local }: CopyOptions): { readonly tls?: { readonly ca?: string } } {
  if (ca === undefined) return local ? {} : { tls: {} };
  const text = diskIo({}).readFile(ca);
  if (text === undefined) throw new WrongUse(`The file ${ca} cannot be read.`);
  return { tls: { ca: text } };
}

const BETWEEN_LINES_MS = 1_000;

/** A line now and then, and one when a table is done. */
function teller(): (progress: CopyProgress) => void {
  let last = 0;
  return ({ table, done, of, doing }) => {
    const now = performance.now();
    if (done < of && now - last < BETWEEN_LINES_MS) return;
    last = now;
    console.error(`${table}: ${doing}, ${done} of ${of}`);
  };
}

function report(copied: readonly CopiedRows[], seconds: number, { json }: CopyOptions): void {
  const rows = copied.reduce((sum, one) => sum + one.rows, 0);
  if (json) {
    console.log(JSON.stringify({ rows, seconds, tables: copied }));
    return;
  }
  for (const one of copied) console.log(`${one.table.padEnd(18)} ${String(one.rows).padStart(10)}  ${one.digest}`);
  console.log(`${rows} rows in ${seconds} s; every table reads the same at both ends.`);
}

/** On stderr, so that figures as JSON stay alone. Under another key than before the engine would seal nothing more. */
function sayKey(record: string): void {
  const key = keyFileBeside(record);
  console.error(
    existsSync(key)
      ? `The log goes on under the key that sealed it so far. Before the engine starts on PostgreSQL, take it along and name it there (a new one would seal nothing): log: { key: { file: ${key} } }`
      : 'The log goes on under the key that sealed it so far: leave engine.log.key as it is.',
  );
}
