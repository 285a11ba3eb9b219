import type { Command } from 'commander';
import { pairCases } from '../core/mapping/pair-cases.ts';
import { counted } from './mappings-counted.ts';
import { openWorkspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';

/** `hearback mappings list`: what there is, which way it goes, and what it tells about a patient. */
export function listMappingsCommand(): Command {
  return workspaceCommand('list', 'List the mappings: version, direction, cases, what they disclose.').action(
    async (options: WorkspaceOptions & { json?: boolean }) => {
      const workspace = await openWorkspace(options);
      const paired = new Map(pairCases(workspace.files).mappings.map(({ file, cases }) => [file, cases.length]));
      for (const { path, mapping } of workspace.mappings) {
        const { name, version, from, to, digest, discloses } = mapping;
        const cases = paired.get(path) ?? 0;
        if (options.json) console.log(JSON.stringify({ name, version, from, to, digest, cases, discloses }));
        else {
          const told = discloses.length === 0 ? '' : `  discloses ${discloses.join(', ')}`;
          console.log(`${name}  v${version}  ${from} -> ${to}  ${counted(cases, 'case')}${told}`);
        }
      }
      const errors = workspace.findings.filter(({ severity }) => severity === 'error').length;
      if (errors > 0) console.error(`${counted(errors, 'error')}: hearback mappings check lists them.`);
      process.exitCode = errors > 0 ? 1 : 0;
    },
  );
}
