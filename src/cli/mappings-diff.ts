import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { reportMappingOf } from '../config/report-mapping.ts';
import { hasErrors } from '../core/finding.ts';
import { type CompiledMapping, compileMapping } from '../core/mapping/compile.ts';
import { differencesOf } from '../core/mapping/difference.ts';
import { findIn } from '../core/mapping/library.ts';
import { parseMapping } from '../core/mapping/parse.ts';
import { readCase } from '../core/mapping/read-case.ts';
import { differencesBetween, recordedRun } from '../flow/desk/recorded-run.ts';
import type { Store } from '../ports-record.ts';
import { openRecord } from '../wire-record.ts';
import { WrongUse } from './exit-code.ts';
import { journalLook, journalLooks } from './journal-look.ts';
import { changesOf, printChanges } from './mapping-changes.ts';
import { counted } from './mappings-counted.ts';
import { sampleVariables } from './mappings-variables.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';
import { requireSetup, WrongConfiguration } from './open-setup.ts';
import { readInstant } from './option-values.ts';
import { findingLine } from './print-findings.ts';
import { readInputFile } from './read-sample.ts';

interface DiffOptions extends WorkspaceOptions {
  readonly over?: readonly string[];
  readonly overLog?: boolean;
  readonly config: string;
  readonly partner?: string;
  readonly since?: string;
  readonly values?: boolean;
  readonly json?: boolean;
}

/** `hearback mappings diff OLD NEW --over FILES`: what a new version would change. Paths only, unless values are asked for. */
export function diffMappingsCommand(): Command {
  return workspaceCommand('diff', 'Say what a new version of a mapping would make differently of given inputs.')
    .argument('<old>', 'the mapping file as it was')
    .argument('<new>', 'the mapping file as it is to be')
    .option('--over <files...>', 'inputs: files of what the mapping reads, or case files')
    .option('--over-log', 'inputs: the messages of this mapping in the record of an engine')
    .option('-c, --config <file>', 'the configuration of that engine', 'hearback.yaml')
    .option('--partner <id>', 'only messages of this partner')
    .option('--since <instant>', 'only messages from this instant on (2026-11-21T09:00:00Z, or a day)', readInstant)
    .option(
      '--values',
      'show what stood and what would stand there (may be personal data; of the record, it is logged)',
    )
    .action(async (older: string, newer: string, options: DiffOptions) => {
      if ((options.over === undefined) === (options.overLog !== true))
        throw new WrongUse('Say either --over with files, or --over-log.');
      const workspace = await openWorkspace(options);
      const versions = {
        before: compiledFrom(older, workspace, options),
        after: compiledFrom(newer, workspace, options),
      };
      const changed = options.overLog
        ? await diffOverLog(versions, options)
        : (options.over ?? []).map((file) => printed({ file }, inputIn(file, versions.before), versions, options));
      const summary = { files: changed.length, changed: changed.filter(Boolean).length };
      console.log(
        options.json ? JSON.stringify(summary) : `${counted(summary.files, 'input')}, ${summary.changed} would change.`,
      );
    });
}

/** Every message of the record that the mapping read or made, once; gives for each whether it would change. */
async function diffOverLog(versions: Versions, options: DiffOptions): Promise<boolean[]> {
  const setup = await requireSetup(options.config);
  const { config } = setup;
  const store = await openRecord(setup);
  try {
    const changed: boolean[] = [];
    const { name: mapping } = versions.before;
    const messages = await messagesOfMapping(mapping, store, options);
    const detail = { mapping, found: messages.size };
    if (!options.values) await journalLooks(store, [{ kind: 'messages.compared', command: 'diff', detail }]);
    for (const id of messages) {
      const recorded = await recordedRun(id, { store, reportMappingOf: (report) => reportMappingOf(report, config) });
      if (options.values) await journalLook(store, recorded.message, 'diff');
      const given = { input: recorded.input(versions.before.from), variables: recorded.variables };
      changed.push(printed({ message: id }, given, versions, options));
    }
    return changed;
  } finally {
    await store.close();
  }
}

const PAGE = 1_000;

/** From the message log, which says of each report and each delivery what read or made it. */
async function messagesOfMapping(
  name: string,
  store: Pick<Store, 'journal'>,
  { partner, since }: DiffOptions,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const asked = { limit: PAGE, ...(partner !== undefined && { partner }), ...(since !== undefined && { since }) };
  for (let afterSeq = 0; ; ) {
    const page = await store.journal({ ...asked, afterSeq });
    for (const { message, detail } of page) if (message !== undefined && detail['mapping'] === name) found.add(message);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return found;
    afterSeq = last.seq;
  }
}

/** Two versions cannot both stand at the path that the mapping is named after: the name is not held against the file. */
function compiledFrom(file: string, workspace: Workspace, { mappings }: DiffOptions): CompiledMapping {
  const text = readFileSync(file, 'utf8');
  const name = /^mapping:\s*["']?([\w/-]+)/m.exec(text)?.[1] ?? '';
  const parsed = parseMapping(text, `${file}#/${name}.map.yaml`, findIn(workspace.files, mappings));
  const compiled = parsed.source && compileMapping(parsed.source, workspace.environment);
  const findings = [...parsed.findings, ...(compiled?.findings ?? [])];
  if (compiled?.mapping !== undefined && !hasErrors(findings)) return compiled.mapping;
  for (const finding of findings.filter(({ severity }) => severity === 'error')) {
    const place = { ...finding.place, file: finding.place.file?.split('#')[0] ?? file };
    console.error(findingLine({ ...finding, place }));
  }
  throw new WrongConfiguration(`${file} is not right: nothing was compared.`);
}

interface Versions {
  readonly before: CompiledMapping;
  readonly after: CompiledMapping;
}

interface Input {
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

function printed(
  label: Readonly<Record<string, string>>,
  { input, variables }: Input,
  { before, after }: Versions,
  options: DiffOptions,
): boolean {
  const differences = [
    ...differencesBetween(before.run(input, variables), after.run(input, variables)),
    ...differencesOf(before.orderOf(input), after.orderOf(input), '(order)'),
  ];
  printChanges(label, changesOf(differences, options), options);
  return differences.length > 0;
}

function inputIn(file: string, { from }: CompiledMapping): Input {
  if (!/[.]ya?ml$/.test(file)) return { input: readInputFile(file, from), variables: sampleVariables(from) };
  const { case: one } = readCase(readFileSync(file, 'utf8'), file, (inputFile) =>
    readInputFile(resolve(dirname(file), inputFile), 'json'),
  );
  if (one === undefined) throw new WrongUse(`${file} is no case that can be read.`);
  return one;
}
