import type { Command } from 'commander';
import { pairCases } from '../core/mapping/pair-cases.ts';
import { counted } from './mappings-counted.ts';
import { openWorkspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';
import { findingJson, findingLine } from './print-findings.ts';

/** `hearback mappings check`: everything that is wrong with mappings, fragments, functions, cases and terminology. */
export function checkMappingsCommand(): Command {
  return workspaceCommand('check', 'Check all mappings and what stands beside them; run no case.').action(
    async (options: WorkspaceOptions & { json?: boolean }) => {
      const workspace = await openWorkspace(options);
      const all = [...workspace.findings, ...pairCases(workspace.files, options.mappings).findings];
      const errors = all.filter(({ severity }) => severity === 'error');
      const others = all.filter(({ severity }) => severity !== 'error');
      const mappings = workspace.files.filter(({ file }) => file.endsWith('.map.yaml')).length;
      if (options.json) {
        const notes = { errors: errors.map(findingJson), warnings: others.map(findingJson) };
        console.log(JSON.stringify({ mappings, ...notes }));
      } else {
        for (const finding of all) console.log(findingLine(finding));
        console.log(`${counted(mappings, 'mapping')}, ${counted(errors.length, 'error')}.`);
      }
      process.exitCode = errors.length === 0 ? 0 : 1;
    },
  );
}
