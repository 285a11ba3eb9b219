import type { Flaw } from './problem.ts';

/**
 * What an engine process does of the whole: `inlets` takes messages in, `workers` works on what is recorded and sends, `console`
 * shows pages to people.
 */
export const ROLES = ['inlets', 'workers', 'console'] as const;
export type Role = (typeof ROLES)[number];

/** What is wrong with a process that has these roles alone, on a record of this kind. */
export function rolesFlaw(store: 'sqlite' | 'postgres', roles: readonly unknown[]): Flaw | undefined {
  if (store === 'postgres' || ROLES.every((role) => roles.includes(role))) return undefined;
  return {
    rule: 'config/roles-need-postgres',
    message: 'On SQLite one process does everything: what this one leaves out nobody would do.',
    remedy:
      'Leave the roles out, or keep the record in PostgreSQL (`engine.store`), which several processes can share.',
  };
}
