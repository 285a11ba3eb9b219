import type { Reference } from '../ports-changes.ts';

export type { Snapshot } from '../ports-changes.ts';

/** The platforms' parts of a referral: which child Task is whose. */
export function childTasks(references: readonly Reference[]): { task: string; partner: string }[] {
  return references.flatMap(({ kind, partner, task }) =>
    kind === 'referral' && task !== undefined ? [{ task, partner }] : [],
  );
}

/** The case's correlation id: the sender's when it gave one, else the referral's own id. */
export function correlationOf(referral: string, references: readonly Reference[]): string {
  return references.find((one) => one.kind === 'correlation')?.value ?? referral;
}
