import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasErrors } from '../core/finding.ts';
import { type CompiledMapping, compileMapping } from '../core/mapping/compile.ts';
import { differencesOf } from '../core/mapping/difference.ts';
import { inputOfFile } from '../core/mapping/input-file.ts';
import { findIn } from '../core/mapping/library.ts';
import { parseMapping } from '../core/mapping/parse.ts';
import { readCase } from '../core/mapping/read-case.ts';
import { WrongUse } from './exit-code.ts';
import { counted } from './mappings-counted.ts';
import { sampleVariables } from './mappings-variables.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';
import { WrongConfiguration } from './open-setup.ts';
import { findingLine } from './print-findings.ts';

interface DiffOptions extends WorkspaceOptions {
  readonly over: readonly string[];
  readonly values?: boolean;
  readonly json?: boolean;
}

/** `hearback mappings diff OLD NEW --over FILES`: what a new version would change. Paths only, unless values are asked for. */
export function diffMappingsCommand(): Command {
  return workspaceCommand('diff', 'Say what a new version of a mapping would make differently of given inputs.')
    .argument('<old>', 'the mapping file as it was')
    .argument('<new>', 'the mapping file as it is to be')
    .requiredOption('--over <files...>', 'inputs: JSON files, or case files')
    .option('--values', 'show what stood and what would stand there (may be personal data)')
    .action(async (older: string, newer: string, options: DiffOptions) => {
      const workspace = await openWorkspace(options);
      const before = compiledFrom(older, workspace, options);
      const after = compiledFrom(newer, workspace, options);
      const changed = options.over.filter((file) => printChanges(file, { before, after }, options)).length;
      const summary = { files: options.over.length, changed };
      console.log(
        options.json ? JSON.stringify(summary) : `${counted(summary.files, 'input')}, ${changed} would change.`,
      );
    });
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

function printChanges(file: string, { before, after }: Versions, options: DiffOptions): boolean {
  const { input, variables } = inputIn(file, before);
  const [old, next] = [before.run(input, variables), after.run(input, variables)];
  const differences = [
    ...differencesOf(old.result, next.result),
    ...differencesOf(old.unmapped, next.unmapped, '(unmapped)'),
    ...differencesOf(rulesOf(old.findings), rulesOf(next.findings), '(findings)'),
    ...differencesOf(before.orderOf(input), after.orderOf(input), '(order)'),
  ];
  const changes = differences.map(({ path, expected, actual }) => ({
    path,
    change: expected === 'nothing' ? 'added' : actual === 'nothing' ? 'removed' : 'changed',
    ...(options.values && { before: expected, after: actual }),
  }));
  if (options.json) console.log(JSON.stringify({ file, changes }));
  else {
    console.log(`${file}: ${changes.length === 0 ? 'the same' : counted(changes.length, 'change')}`);
    for (const { path, change, before: was, after: is } of changes)
      console.log(`  ${change.padEnd(8)} ${path}${was === undefined ? '' : `: ${was} -> ${is}`}`);
  }
  return changes.length > 0;
}

function rulesOf(findings: readonly { readonly rule: string }[]): string[] {
  return findings.map(({ rule }) => rule).sort();
}

function inputIn(
  file: string,
  { from }: CompiledMapping,
): { input: unknown; variables: Readonly<Record<string, unknown>> } {
  const text = readFileSync(file, 'utf8');
  if (!/[.]ya?ml$/.test(file)) {
    const input = inputOfFile(file, text);
    if (input === undefined) throw new WrongUse(`${file} is neither JSON nor an HL7 v2 message.`);
    return { input, variables: sampleVariables(from) };
  }
  const { case: one } = readCase(text, file, (inputFile) =>
    inputOfFile(inputFile, readFileSync(resolve(dirname(file), inputFile), 'utf8')),
  );
  if (one === undefined) throw new WrongUse(`${file} is no case that can be read.`);
  return one;
}
