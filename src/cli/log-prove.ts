import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { NothingSealed } from '../journal/export-log.ts';
import { proveEntry } from '../journal/prove-entry.ts';
import type { LogStore } from '../ports-log.ts';
import { WrongUse } from './exit-code.ts';
import { withWholeRecord } from './open-setup.ts';

/** `hearback log prove ENTRY`: a file that proves one entry to whoever has the log's public key. */
export function logProveCommand(): Command {
  return new Command('prove')
    .description('Write the proof that an entry is in the log, with the entry in it (C2SP tlog-proof).')
    .argument('<entry>', 'the number of the entry, as `hearback log` prints it')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--out <file>', 'where to, a file that is not there yet; printed when left out')
    .action(async (entry: string, { config, out }: { config: string; out?: string }) => {
      if (!/^\d{1,15}$/.test(entry)) throw new WrongUse('Give the number of an entry.');
      const proof = await withWholeRecord(config, { readonly: true }, ({ record }) => prove(record, Number(entry)));
      if (out === undefined) process.stdout.write(proof);
      else writeFileSync(out, proof, { flag: 'wx' });
    });
}

async function prove(log: LogStore, seq: number): Promise<string> {
  const proved = await proveEntry(log, seq);
  switch (proved.kind) {
    case 'proved':
      return proved.file;
    case 'nothing-sealed':
      throw new NothingSealed();
    case 'not-sealed':
      throw new Error(`Entry ${seq} is not sealed: there is no such entry, or it is younger than the last checkpoint.`);
    case 'pruned':
      throw new Error(`Entry ${seq} was pruned: its hash is in the log, and what it said is not.`);
  }
}
