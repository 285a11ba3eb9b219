/**
 * Changes the message log behind the engine's back, as an administrator of the database could, and sees that `hearback log verify`
 * finds every change and names its place: `npm run -s tamper -- --runs 100 --seed 7 --json`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { startPartners } from '../../bench/loop/partners.ts';
import { newRecordPlaces, whyNoPostgres } from '../../bench/loop/record-place.ts';
import type { RecordPlace } from '../../bench/loop/town.ts';
import { makeRecord } from './make-record.ts';
import { runTamperings } from './run-tamperings.ts';

interface Options {
  readonly runs: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** So many that the log has more entries than are under one kept node. */
const LOOPS = 14;

const options = new Command('tamper')
  .description('Tamper with copies of a record and see that each change is found, with its place.')
  .option('--runs <n>', 'how many', '100')
  .option('--seed <n>', 'the same number, the same tamperings', '7')
  .option('--json', 'the last line is {"runs":n,"found":n}')
  .parse()
  .opts<Options>();
const say = (line: string) => void process.stderr.write(`${line}\n`);

const directory = mkdtempSync(join(tmpdir(), 'hearback-tamper-'));
const records = newRecordPlaces(directory);
const partners = await startPartners();
try {
  const places: RecordPlace[] = [records.sqlite('tampered')];
  const why = await whyNoPostgres();
  if (why === undefined) places.push(await records.postgres('tampered'));
  else say(`SQLite alone: ${why}`);
  for (const place of places) {
    say(`An engine carries ${LOOPS} loops, its record on ${place.kind}.`);
    await makeRecord({ name: `tampered-${place.kind}`, directory, place, partners, loops: LOOPS });
  }
  await partners.stop();
  const [runs, seed] = [Number(options.runs), Number(options.seed)];
  const found = await runTamperings({ runs, seed, places, say });
  process.stdout.write(
    options.json ? `${JSON.stringify({ runs, found })}\n` : `${found} of ${runs} found, with their places.\n`,
  );
  process.exitCode = found === runs ? 0 : 1;
} finally {
  await partners.stop();
  await records.remove();
  rmSync(directory, { recursive: true, force: true });
}
