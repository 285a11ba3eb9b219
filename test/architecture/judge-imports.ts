import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/** Runs the import guard (`npm run guard`'s own tool and rules) on the `src` below `root`; returns the names of the broken rules. */
export function brokenImportRules(root: string): string[] {
  const bin = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(project, '.dependency-cruiser.cjs');
  const args = [bin, '--config', config, '--output-type', 'json', 'src'];
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
  const report: { summary: { violations: { rule: { name: string }; from: string; to: string }[] } } =
    JSON.parse(printed);
  return report.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
