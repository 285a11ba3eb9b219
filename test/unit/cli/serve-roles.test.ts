import { describe, expect, it, jest } from '@jest/globals';
import { WrongConfiguration } from '../../../src/cli/open-setup.ts';
import type { Setup } from '../../../src/cli/read-setup.ts';
import { readRoles, withRoles } from '../../../src/cli/serve-roles.ts';
import { ROLES } from '../../../src/config/roles.ts';

/** Of a set-up only what decides: which record, and the roles. */
function setupOn(kind: 'sqlite' | 'postgres'): Setup {
  const engine = { store: { kind }, roles: [...ROLES], drainSeconds: 20 };
  return { config: { engine }, secrets: {}, library: {} } as unknown as Setup;
}

describe('serve --roles', () => {
  it('reads one name or several', () => {
    expect(readRoles('workers')).toEqual(['workers']);
    expect(readRoles('workers, inlets')).toEqual(['inlets', 'workers']);
  });

  it.each(['', 'inlet', 'inlets,workers,', 'inlets;workers'])('refuses "%s"', (text) => {
    expect(() => readRoles(text)).toThrow(/inlets, workers, console/);
  });

  it('takes the place of what is configured, and of nothing else', () => {
    const { engine } = withRoles(setupOn('postgres'), ['workers']).config;
    expect(engine).toMatchObject({ roles: ['workers'], drainSeconds: 20 });
    expect(withRoles(setupOn('postgres'), undefined).config.engine.roles).toEqual(ROLES);
  });

  it('is refused with its remedy where one process must do everything', () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => withRoles(setupOn('sqlite'), ['workers'])).toThrow(WrongConfiguration);
    expect(said.mock.calls.join()).toContain('PostgreSQL');
    said.mockRestore();
  });
});
