import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { diskIo } from '../config/disk.ts';
import { readConfig } from '../config/read.ts';
import { importRelease } from '../store/terminology/import-release.ts';
import { findingJson, findingLine } from './print-findings.ts';

interface ImportOptions {
  readonly edition?: string;
  readonly into?: string;
  readonly config: string;
  readonly json?: boolean;
}

/** `hearback terminology import PATH`: reads a SNOMED CT release into a file of its own, beside what is there. */
export function importTerminologyCommand(): Command {
  return new Command('import')
    .description('Read a SNOMED CT RF2 Snapshot (folder or .zip), so that an engine can use it.')
    .argument('<path>', 'the release as it was downloaded')
    .option('--edition <name>', 'what to call it; left out, after the release (gb1000000)', editionName)
    .option('--into <directory>', 'where editions are kept; left out, `engine.releases` of the configuration')
    .option('-c, --config <file>', 'the configuration, if there is one', 'hearback.yaml')
    .option('--json', 'print the figures as one line of JSON')
    .addHelpText(
      'after',
      '\nIt may be stopped and repeated at any time: an edition is replaced when the new one is whole, or not at all.' +
        '\nA running engine goes on with what it opened until it is started again.',
    )
    .action(async (path: string, options: ImportOptions) => {
      const started = performance.now();
      const done = await importRelease({
        path,
        directory: options.into ?? releasesDirectory(options.config),
        ...(options.edition !== undefined && { edition: options.edition }),
        progress: ({ file, rows, done: whole }) => console.error(`${file}: ${rows} rows${whole ? '' : ' …'}`),
      });
      const seconds = Math.round((performance.now() - started) / 100) / 10;
      if (done.kind === 'refused') {
        if (options.json) console.log(JSON.stringify({ errors: done.findings.map(findingJson) }));
        else for (const finding of done.findings) console.log(findingLine(finding));
        console.error('Nothing was imported, and nothing was changed.');
        process.exitCode = 1;
        return;
      }
      const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
      const { summary } = done;
      if (options.json) console.log(JSON.stringify({ ...summary, seconds, rssMb }));
      else {
        console.log(`${summary.edition} (${summary.version}) is in ${summary.file}.`);
        console.log(
          `${summary.concepts} concepts (${summary.activeConcepts} active), ${summary.descriptions} descriptions, ` +
            `${summary.relationships} relationships, ${summary.refsets} reference sets; ${seconds} s, ${rssMb} MB at most.`,
        );
      }
    });
}

function editionName(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(text)) return text;
  throw new InvalidArgumentError('An edition is named with letters, digits, - and _.');
}

/** As the configuration says; where none is, as it would say by default. */
function releasesDirectory(file: string): string {
  const io = diskIo(process.env);
  if (io.readFile(file) === undefined) return join('var', 'terminology');
  const { config, findings } = readConfig(file, io, { onlyLook: true });
  if (config !== undefined) return config.engine.releases;
  for (const finding of findings) console.error(findingLine(finding));
  throw new Error(`${file} is not right: name the directory with --into.`);
}
