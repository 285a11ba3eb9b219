import { randomBytes } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { isKeyName, publicText } from '../core/seal/note-key.ts';
import { readKeyFile, writeKeyFile } from '../journal/key-file.ts';
import { rotateKey } from '../journal/rotate-key.ts';
import { keyFileBeside } from '../wire-log.ts';
import { engineRuns } from '../wire-record.ts';
import { WrongUse } from './exit-code.ts';
import { commandUser } from './journal-look.ts';
import { keysOfLogBehind, signingKeyOf } from './log-keys.ts';
import { withWholeRecord } from './open-setup.ts';

/** `hearback log key`: the keys that the log is sealed with. */
export function logKeyCommand(): Command {
  return new Command('key')
    .description('The key that the log is sealed with: make one, show its public half, hand over to another.')
    .addCommand(newCommand())
    .addCommand(showCommand())
    .addCommand(rotateCommand());
}

function newCommand(): Command {
  return new Command('new')
    .description('Make a key for a log: the secret half into a file, the public half printed.')
    .requiredOption('--origin <name>', 'the log’s name, like an address without its scheme', readName)
    .requiredOption('--out <file>', 'the file for the secret half, not there yet; readable by its owner only')
    .action(({ origin, out }: { origin: string; out: string }) => {
      console.log(publicText(writeKeyFile(out, origin, randomBytes(32))));
    });
}

function readName(text: string): string {
  if (isKeyName(text)) return text;
  throw new WrongUse(
    'The name of a log has neither blanks nor plus signs: riverside.example.org/hearback, for example.',
  );
}

function showCommand(): Command {
  return new Command('show')
    .description('Print the public key of the log, and those before it: what an auditor verifies with.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .action(async ({ config: file }: { config: string }) => {
      const keys = await withWholeRecord(file, { readonly: true }, async ({ record, config }) => {
        const own = signingKeyOf(config);
        const before = (await keysOfLogBehind(own, record)).map(publicText).reverse();
        return [...new Set([publicText(own), ...before])];
      });
      for (const key of keys) console.log(key);
    });
}

function rotateCommand(): Command {
  return new Command('rotate')
    .description(
      'Hand the log over to another key: the old one signs an entry that names the new one. The engine must be stopped.',
    )
    .requiredOption(
      '--to <file>',
      'the file of the new key (`hearback log key new`, under the same name); made when it is not there',
    )
    .option('--without-old', 'the old key is lost: the new one begins without it, and every verifier is told')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .addHelpText('after', '\nAfterwards name the new key in the configuration (engine.log.key) and start the engine.')
    .action(async ({ to, withoutOld = false, config: file }: { to: string; withoutOld?: boolean; config: string }) => {
      const text = await withWholeRecord(file, {}, async ({ record, config, setup }) => {
        if (await engineRuns(setup)) throw new WrongUse('An engine works on the record: stop it first.');
        const old = withoutOld ? undefined : signingKeyOf(config);
        const next = existsSync(to) ? readKeyFile(to) : writeKeyFile(to, nameOf(config, old?.name), randomBytes(32));
        await rotateKey({ record, old, next, at: new Date().toISOString(), actor: commandUser() });
        return [publicText(next), ...putBeside(config, to, old?.id)].join('\n');
      });
      console.log(text);
    });
}

function nameOf(config: Config, old: string | undefined): string {
  const name = old ?? config.engine.log.origin;
  if (name !== undefined) return name;
  throw new WrongUse(
    'The name of the log is not known: make the new key first (`hearback log key new --origin NAME`).',
  );
}

/** The key beside a record on SQLite takes the place of the one before, which is kept under its id. */
function putBeside({ engine: { log, store } }: Config, to: string, old: string | undefined): string[] {
  if (log.key !== undefined || store.kind !== 'sqlite')
    return ['Name this key in engine.log.key, and start the engine.'];
  const file = keyFileBeside(store.path);
  if (existsSync(file)) renameSync(file, `${file}.${old ?? 'lost'}`);
  renameSync(to, file);
  return [`The key is now ${file}.`];
}
