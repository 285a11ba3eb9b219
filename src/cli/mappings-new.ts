import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { type Scaffold, scaffoldInward } from '../core/mapping/scaffold/inward.ts';
import { scaffoldOutward } from '../core/mapping/scaffold/outward.ts';
import { WrongUse } from './exit-code.ts';
import { formOfFile, readSample } from './read-sample.ts';

interface NewOptions {
  readonly from?: string;
  readonly to?: string;
  readonly mappings: string;
  readonly json?: boolean;
}

/** `hearback mappings new NAME --from sample.json`: a first mapping and its first case. Overwrites nothing. */
export function newMappingCommand(): Command {
  return new Command('new')
    .description(
      'Begin a mapping from a sample payload: guesses by name, marked as such, with what is left to fill in.',
    )
    .argument('<name>', 'the path of the new mapping below the mappings directory: acme/report')
    .option(
      '--from <sample>',
      'what the platform sends (invented data; a file .json, .xml, .csv or .form): makes an inward mapping',
    )
    .option(
      '--to <sample>',
      'what the platform wants to be sent (invented data; .json, .xml or .form): makes an outward mapping',
    )
    .option('--mappings <dir>', 'the mappings directory', 'mappings')
    .option('--json', 'print {"files":[…],"next":[…]}')
    .action((name: string, options: NewOptions) => {
      if (!/^[\w-]+(\/[\w-]+)*$/.test(name)) throw new WrongUse('A mapping is named like acme/report.');
      const { from, to } = options;
      if ((from === undefined) === (to === undefined)) throw new WrongUse('Say either --from or --to, with a sample.');
      const made = from === undefined ? outward(name, to ?? '') : inward(name, from);
      report(writeNew(name, made, options), made.next, options);
    });
}

function inward(name: string, file: string): Scaffold {
  const form = formOfFile(file) ?? 'json';
  return scaffoldInward(name, readSample(file, form), form);
}

function outward(name: string, file: string): Scaffold {
  const form = formOfFile(file) ?? 'json';
  if (form === 'csv') throw new WrongUse('Nothing is sent as CSV: give a sample in JSON, XML or as a form.');
  return scaffoldOutward(name, readSample(file, form), form);
}

function writeNew(name: string, made: Scaffold, { mappings }: NewOptions): string[] {
  const files = [
    { file: join(mappings, `${name}.map.yaml`), text: made.mapping },
    { file: join(mappings, `${name}.sample.case.yaml`), text: made.case },
  ];
  const there = files.find(({ file }) => existsSync(file));
  if (there !== undefined) throw new WrongUse(`${there.file} is there already; nothing was written.`);
  for (const { file, text } of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return files.map(({ file }) => file);
}

function report(files: readonly string[], next: readonly string[], { json }: NewOptions): void {
  if (json) {
    console.log(JSON.stringify({ files, next }));
    return;
  }
  for (const file of files) console.log(`wrote ${file}`);
  for (const step of [
    ...next,
    'Check every line marked "guessed"; then run hearback mappings check and hearback mappings test.',
  ])
    console.log(`next: ${step}`);
}
