import type { Difference } from '../core/mapping/difference.ts';
import { counted } from './mappings-counted.ts';

interface Shown {
  /** Show what stood and what would stand there (may be personal data). */
  readonly values?: boolean;
  readonly json?: boolean;
}

export interface MappingChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: string;
  readonly after?: string;
}

/** Differences as changes from one version to another: by path, with values only when they are asked for. */
export function changesOf(differences: readonly Difference[], { values }: Shown): MappingChange[] {
  return differences.map(({ path, expected, actual }) => ({
    path,
    change: expected === 'nothing' ? 'added' : actual === 'nothing' ? 'removed' : 'changed',
    ...(values && { before: expected, after: actual }),
  }));
}

/** Prints the changes of one input, under a label of the shape `{ file: … }` or `{ message: … }`. */
export function printChanges(
  label: Readonly<Record<string, string>>,
  changes: readonly MappingChange[],
  { json }: Shown,
): void {
  if (json) {
    console.log(JSON.stringify({ ...label, changes }));
    return;
  }
  console.log(
    `${Object.values(label).join(' ')}: ${changes.length === 0 ? 'the same' : counted(changes.length, 'change')}`,
  );
  for (const { path, change, before, after } of changes)
    console.log(`  ${change.padEnd(8)} ${path}${before === undefined ? '' : `: ${before} -> ${after}`}`);
}
