import { InvalidArgumentError } from 'commander';
import { ROLES, type Role, rolesFlaw } from '../config/roles.ts';
import { WrongConfiguration } from './open-setup.ts';
import { findingLine } from './print-findings.ts';
import type { Setup } from './read-setup.ts';

/** Reads `--roles`: names with commas between them. */
export function readRoles(text: string): readonly Role[] {
  const names = text.split(',').map((name) => name.trim());
  const known = ROLES.filter((role) => names.includes(role));
  if (known.length === new Set(names).size) return known;
  throw new InvalidArgumentError(`Give one or more of ${ROLES.join(', ')}, with commas between them.`);
}

/** The set-up with these roles in place of the configuration's. Says what is wrong with them and throws `WrongConfiguration`. */
export function withRoles(setup: Setup, roles: readonly Role[] | undefined): Setup {
  if (roles === undefined) return setup;
  const { engine } = setup.config;
  const flaw = rolesFlaw(engine.store.kind, roles, engine.console !== undefined);
  if (flaw === undefined) return { ...setup, config: { ...setup.config, engine: { ...engine, roles: [...roles] } } };
  console.error(findingLine({ severity: 'error', place: { expression: '--roles' }, ...flaw }));
  throw new WrongConfiguration('The roles are not right: nothing was started.');
}
