import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { type Scaffold, scaffoldInward } from '../core/mapping/scaffold/inward.ts';
import { scaffoldOutward } from '../core/mapping/scaffold/outward.ts';
import { WrongUse } from './exit-code.ts';

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
    .option('--from <sample.json>', 'what the platform sends (invented data): makes an inward mapping')
    .option('--to <sample.json>', 'what the platform wants to be sent (invented data): makes an outward mapping')
    .option('--mappings <dir>', 'the mappings directory', 'mappings')
    .option('--json', 'print {"files":[…],"next":[…]}')
    .action((name: string, options: NewOptions) => {
      if (!/^[\w-]+(\/[\w-]+)*$/.test(name)) throw new WrongUse('A mapping is named like acme/report.');
      const { from, to } = options;
      if ((from === undefined) === (to === undefined)) throw new WrongUse('Say either --from or --to, with a sample.');
      const made = from === undefined ? scaffoldOutward(name, sampleIn(to)) : scaffoldInward(name, sampleIn(from));
      report(writeNew(name, made, options), made.next, options);
    });
}

function sampleIn(file = ''): unknown {
  try {
    const sample: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return sample;
  } catch {
    throw new WrongUse(`${file} cannot be read as JSON.`);
  }
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
