import type { Command } from 'commander';
import { reportMappingOf } from '../config/report-mapping.ts';
import type { CompileEnvironment } from '../core/mapping/compile.ts';
import { type Explained, explainRun, explainTemplate } from '../core/mapping/explain.ts';
import type { LibraryMapping } from '../core/mapping/library.ts';
import { recordedRun } from '../flow/desk/recorded-run.ts';
import { openRecord } from '../wire-record.ts';
import { chooseVersion, versionInUse } from './choose-version.ts';
import { journalLooks } from './journal-look.ts';
import { inputOf, type MappingInput } from './mappings-input.ts';
import { mappingNamed, openWorkspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';
import { requireSetup, WrongConfiguration } from './open-setup.ts';
import { findingLine } from './print-findings.ts';

interface ExplainOptions extends WorkspaceOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly result?: boolean;
}

/**
 * `hearback mappings explain MAPPING [CASE|FILE]`: each element of the result, the line that makes it, and where in the input
 * it comes from. Shows no values unless asked.
 */
export function explainMappingCommand(): Command {
  return workspaceCommand(
    'explain',
    'Say for each element of the result which line of the template makes it, and on which engine.',
  )
    .argument('<mapping>', 'its name: casework/referral; with --config, the id of a message in the record')
    .argument('[case]', 'a case of it (full, for referral.full.case.yaml), or a file with an input')
    .option('-c, --config <file>', 'the configuration of an engine, to explain a message of its record')
    .option('--result', 'print the result itself, as JSON (of a message: personal data; it is logged that you looked)')
    .action(async (name: string, what: string | undefined, options: ExplainOptions) => {
      if (options.config !== undefined) return explainMessage(name, options.config, options);
      const workspace = await openWorkspace(options);
      const found = mappingNamed(name, workspace);
      if (what === undefined) print(explainTemplate(found.source, workspace.environment), options);
      else explainInput(found, inputOf(what, found, workspace), { environment: workspace.environment, options });
    });
}

/** With the version that read or made it then, when the record keeps it. */
async function explainMessage(id: string, config: string, options: ExplainOptions): Promise<void> {
  const setup = await requireSetup(config);
  const store = await openRecord(setup);
  try {
    const { library } = setup;
    const recorded = await recordedRun(id, {
      store,
      reportMappingOf: (report) => reportMappingOf(report, setup.config),
    });
    const { name, stamp, variables } = recorded;
    const version =
      stamp === undefined ? versionInUse(name, library) : await chooseVersion(name, stamp.digest, { store, library });
    const kind = options.result ? 'message.read' : 'message.explained';
    await journalLooks(store, [{ kind, command: 'explain', message: id, referral: recorded.message.referral }]);
    const { mapping } = version;
    console.error(`${id}: ${mapping.name} version ${mapping.version}, ${mapping.digest}`);
    explainInput(
      version,
      { input: recorded.input(mapping.from), variables },
      { environment: version.environment, options },
    );
  } finally {
    await store.close();
  }
}

function explainInput(
  { source }: Pick<LibraryMapping, 'source'>,
  given: MappingInput,
  { environment, options }: { environment: CompileEnvironment; options: ExplainOptions },
): void {
  const explained = explainRun(source, given, environment);
  if (explained === undefined) throw new WrongConfiguration('The mapping has errors.');
  const { run, elements } = explained;
  if (options.result) console.log(JSON.stringify(run.result, null, options.json ? 0 : 2));
  else print(elements, options);
  for (const { map, element } of run.unmapped)
    console.error(`held: the concept map ${map} does not know the code at ${element}`);
  for (const finding of run.findings) console.error(findingLine(finding));
  process.exitCode = run.unmapped.length + run.findings.length === 0 ? 0 : 1;
}

function print(elements: readonly Explained[], { json = false }: ExplainOptions): void {
  const width = Math.max(0, ...elements.map(({ path }) => path.length));
  for (const { path, place, written, engines, from } of elements) {
    const { file, line, column } = place;
    if (json) {
      console.log(JSON.stringify({ path, file, line, column, written, engines, from }));
      continue;
    }
    const runs = engines.map(({ engine, why }) => (why === undefined ? engine : `${engine}: ${why}`));
    const on = engines.length === 0 ? 'constant' : [...new Set(runs)].join('; ');
    const sources = from === undefined || from.length === 0 ? '' : `  <- ${from.join(', ')}`;
    console.log(`${path.padEnd(width)}  ${file}:${line}  ${written.replace(/\s+/g, ' ')}  [${on}]${sources}`);
  }
}
