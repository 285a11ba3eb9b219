import type { Flaw } from './problem.ts';

/**
 * What an engine process does of the whole: `inlets` takes messages in, `workers` works on what is recorded and sends, `console`
 * shows pages to people.
 */
export const ROLES = ['inlets', 'workers', 'console'] as const;
export type Role = (typeof ROLES)[number];

/** What is wrong with a process that has these roles alone, on a record of this kind, with or without `engine.console`. */
export function rolesFlaw(
  store: 'sqlite' | 'postgres',
  roles: readonly unknown[],
  hasConsole: boolean,
): Flaw | undefined {
  if (!hasConsole && roles.length > 0 && roles.every((role) => role === 'console')) return NO_PAGES;
  if (store === 'postgres' || ROLES.every((role) => roles.includes(role))) return undefined;
  return {
    rule: 'config/roles-need-postgres',
    message: 'On SQLite one process does everything: what this one leaves out nobody would do.',
    remedy:
      'Leave the roles out, or keep the record in PostgreSQL (`engine.store`), which several processes can share.',
  };
}

const NO_PAGES: Flaw = {
  rule: 'config/no-console',
  message: 'This process would only show the console, and there is none: it would do nothing.',
  remedy: 'Add `console: {}` under `engine`, or give the process another role.',
};
