import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Explained, explainRun, explainTemplate } from '../core/mapping/explain.ts';
import { inputOfFile } from '../core/mapping/input-file.ts';
import type { LibraryMapping } from '../core/mapping/library.ts';
import { pairCases } from '../core/mapping/pair-cases.ts';
import { WrongUse } from './exit-code.ts';
import { sampleVariables } from './mappings-variables.ts';
import {
  mappingNamed,
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
  workspaceCommand,
} from './mappings-workspace.ts';
import { WrongConfiguration } from './open-setup.ts';
import { findingLine } from './print-findings.ts';

interface ExplainOptions extends WorkspaceOptions {
  readonly json?: boolean;
  readonly result?: boolean;
}

/** `hearback mappings explain MAPPING [CASE|FILE]`: each element of the result, and the line that makes it. Shows no values unless asked. */
export function explainMappingCommand(): Command {
  return workspaceCommand(
    'explain',
    'Say for each element of the result which line of the template makes it, and on which engine.',
  )
    .argument('<mapping>', 'its name: casework/referral')
    .argument('[case]', 'a case of it (full, for referral.full.case.yaml), or a JSON file with an input')
    .option('--result', 'print the result itself, as JSON')
    .action(async (name: string, what: string | undefined, options: ExplainOptions) => {
      const workspace = await openWorkspace(options);
      const found = mappingNamed(name, workspace);
      if (what === undefined) print(explainTemplate(found.source, workspace.environment), options);
      else explainInput(found, inputOf(what, found, workspace), { workspace, options });
    });
}

interface Given {
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

function explainInput(
  { source }: LibraryMapping,
  given: Given,
  { workspace, options }: { workspace: Workspace; options: ExplainOptions },
): void {
  const explained = explainRun(source, given, workspace.environment);
  if (explained === undefined) throw new WrongConfiguration('The mapping has errors.');
  const { run, elements } = explained;
  if (options.result) console.log(JSON.stringify(run.result, null, options.json ? 0 : 2));
  else print(elements, options);
  for (const { map, element } of run.unmapped)
    console.error(`held: the concept map ${map} does not know the code at ${element}`);
  for (const finding of run.findings) console.error(findingLine(finding));
  process.exitCode = run.unmapped.length + run.findings.length === 0 ? 0 : 1;
}

function inputOf(what: string, { path, mapping }: LibraryMapping, workspace: Workspace): Given {
  const cases = pairCases(workspace.files).mappings.find(({ file }) => file === path)?.cases ?? [];
  const named = path.replace('.map.yaml', `.${what}.case.yaml`);
  const one = cases.find(({ file }) => file === named || file.endsWith(`/${what}`) || file === what);
  if (one !== undefined) return { input: one.input, variables: one.variables };
  const input = inputIn(what);
  if (input !== undefined) return { input, variables: sampleVariables(mapping.from) };
  const known = cases.map(({ file }) => file.slice(path.length - '.map.yaml'.length + 1, -'.case.yaml'.length));
  throw new WrongUse(
    `${what} is neither a file with JSON or HL7 v2 nor a case of ${mapping.name}. Its cases: ${known.join(', ')}.`,
  );
}

function inputIn(file: string): unknown {
  try {
    return inputOfFile(file, readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function print(elements: readonly Explained[], { json = false }: ExplainOptions): void {
  const width = Math.max(0, ...elements.map(({ path }) => path.length));
  for (const { path, place, written, engines } of elements) {
    const { file, line, column } = place;
    if (json) {
      console.log(JSON.stringify({ path, file, line, column, written, engines }));
      continue;
    }
    const runs = engines.map(({ engine, why }) => (why === undefined ? engine : `${engine}: ${why}`));
    const on = engines.length === 0 ? 'constant' : [...new Set(runs)].join('; ');
    console.log(`${path.padEnd(width)}  ${file}:${line}  ${written.replace(/\s+/g, ' ')}  [${on}]`);
  }
}
