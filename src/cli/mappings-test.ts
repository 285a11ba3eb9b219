import { watch } from 'node:fs';
import type { Command } from 'commander';
import { counted } from './mappings-counted.ts';
import { coverageLines } from './mappings-coverage.ts';
import { runAllCases, type TestedMapping } from './mappings-run-cases.ts';
import { openWorkspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';
import { findingJson, findingLine } from './print-findings.ts';

interface TestOptions extends WorkspaceOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly coverage?: boolean;
}

/** `hearback mappings test`: runs all cases. A mapping without a case, and a case without its mapping, fail. */
export function testMappingsCommand(): Command {
  return workspaceCommand('test', 'Run the cases beside the mappings; exit code 0 only when all hold.')
    .option('--coverage', 'list parts of templates that no case makes, and input elements that are never read')
    .option('--watch', 'run again when a file changes')
    .action(async (options: TestOptions) => {
      await testOnce(options);
      if (options.watch) await testOnChange(options);
    });
}

async function testOnce(options: TestOptions): Promise<void> {
  const workspace = await openWorkspace(options);
  const { tested, findings } = runAllCases(workspace, options.mappings);
  for (const finding of findings) {
    console.log(options.json ? JSON.stringify({ finding: findingJson(finding) }) : findingLine(finding));
  }
  for (const one of tested) for (const line of options.json ? jsonLines(one) : textLines(one)) console.log(line);
  if (options.coverage) for (const line of coverageLines(workspace, options)) console.log(line);
  const cases = tested.flatMap(({ results }) => results);
  const failed = cases.filter(({ differences }) => differences.length > 0).length + findings.length;
  const mappings = workspace.files.filter(({ file }) => file.endsWith('.map.yaml')).length;
  const summary = { mappings, cases: cases.length, failed };
  console.log(
    options.json
      ? JSON.stringify(summary)
      : `${counted(mappings, 'mapping')}, ${counted(cases.length, 'case')}, ${failed} failed.`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}

function textLines({ name, results }: TestedMapping): string[] {
  return [
    name,
    ...results.flatMap(({ name: what, differences }) => [
      `  ${differences.length === 0 ? 'ok  ' : 'FAIL'}  ${what}`,
      ...differences.map(({ path, expected, actual }) => `        ${path}: expected ${expected}, got ${actual}`),
    ]),
  ];
}

function jsonLines({ name, results }: TestedMapping): string[] {
  return results.map(({ file, name: what, differences }) =>
    JSON.stringify({ mapping: name, file, case: what, ok: differences.length === 0, differences }),
  );
}

/** Editors write a file in several steps: what happens within this time is one change. */
const SETTLED_MS = 100;

/** Runs until the process is stopped. */
async function testOnChange(options: TestOptions): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      testOnce(options).catch((fault: unknown) =>
        console.error(fault instanceof Error ? fault.message : String(fault)),
      );
    }, SETTLED_MS);
  };
  for (const directory of [options.mappings, options.terminology]) {
    try {
      watch(directory, { recursive: true }, again);
    } catch {
      console.error(`${directory} is not watched: it is not there.`);
    }
  }
  console.error('Waiting for changes; Ctrl-C ends it.');
  await new Promise<void>(() => undefined);
}
