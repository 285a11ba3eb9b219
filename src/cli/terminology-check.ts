import { Command } from 'commander';
import { diskIo } from '../config/disk.ts';
import { loadInstrumentFiles, loadLibrary, loadMappingFiles } from '../config/library.ts';
import type { Finding } from '../core/finding.ts';
import { compileLibrary } from '../core/mapping/library.ts';
import { buildInstruments } from '../core/outcomes/instrument-set.ts';
import { scoreCodeFindings } from '../core/outcomes/score-code-findings.ts';
import { buildTerminology } from '../core/terminology/build-terminology.ts';
import { checkTerminology, type Held } from '../core/terminology/check-terminology.ts';
import { literalCodeFindings } from '../core/terminology/literal-codes.ts';
import { WrongUse } from './exit-code.ts';
import { counted } from './mappings-counted.ts';
import { findingJson, findingLine } from './print-findings.ts';

interface Options {
  readonly terminology: string;
  readonly mappings: string;
  readonly json?: boolean;
}

/** `hearback terminology check`: reads every code, map and value set, and what the mappings use of them. */
export function checkTerminologyCommand(): Command {
  return new Command('check')
    .description('Check all codes, maps and value sets, and what the mappings use of them.')
    .option('--terminology <dir>', 'the directory of concept maps and value sets', 'terminology')
    .option('--mappings <dir>', 'the mappings directory', 'mappings')
    .option('--json', 'one JSON object a line; the last one counts')
    .action((options: Options) => {
      const io = diskIo({});
      if (io.list(options.terminology) === undefined) {
        throw new WrongUse(
          `There is no directory ${options.terminology}: run this where it stands, or name it with --terminology.`,
        );
      }
      const { terminology: files } = loadLibrary(options, io);
      const checked = checkTerminology(files);
      const findings = [...checked.findings, ...usedByMappings(options, files), ...ofInstruments(options, files)];
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      for (const one of checked.held) console.log(options.json ? JSON.stringify(one) : heldLine(one));
      for (const one of findings) console.log(options.json ? JSON.stringify(findingJson(one)) : findingLine(one));
      const { codes, maps } = checked;
      console.log(
        options.json
          ? JSON.stringify({ codes, maps, errors })
          : `${counted(codes, 'code')}, ${counted(maps, 'map')}, ${counted(errors, 'error')}.`,
      );
      process.exitCode = errors === 0 ? 0 : 1;
    });
}

function heldLine({ file, type, name, version, codes, unmatched }: Held): string {
  const without = unmatched > 0 ? `, ${unmatched} without a counterpart` : '';
  return `${file}  ${type} ${name} ${version}  ${counted(codes, 'code')}${without}`;
}

/** What is wrong with the instruments, and score codes that nothing describes. */
function ofInstruments(
  { terminology: directory }: Options,
  files: ReturnType<typeof loadLibrary>['terminology'],
): Finding[] {
  const { instruments, findings } = buildInstruments(loadInstrumentFiles(directory, diskIo({})));
  return [...findings, ...scoreCodeFindings(instruments, buildTerminology(files).terminology.codes, directory)];
}

/** The maps that mappings name, and the codes that they write out. What else is wrong with them `mappings check` says. */
function usedByMappings({ mappings }: Options, files: ReturnType<typeof loadLibrary>['terminology']): Finding[] {
  const all = loadMappingFiles(mappings, diskIo({})) ?? [];
  const { terminology } = buildTerminology(files);
  const written = all.filter(({ file }) => /[.](map|part)[.]yaml$/.test(file));
  const named = compileLibrary(all, mappings, { terminology }).findings.filter(
    ({ rule }) => rule === 'mapping/unknown-map',
  );
  return [
    ...named,
    ...literalCodeFindings(
      written.map((one) => ({ ...one, file: `${mappings}/${one.file}` })),
      terminology.codes,
    ),
  ];
}
