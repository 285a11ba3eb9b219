import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { ROLES } from '../../../src/config/roles.ts';
import { FILE, SOUND, surroundings } from './sound-config.ts';

const POSTGRES = '  store: { postgres: { connection: { env: DATABASE } } }\n';

function rolesOf(lines: string): readonly string[] | undefined {
  return readConfig(FILE, surroundings(SOUND.replace('  listen:', `${lines}  listen:`))).config?.engine.roles;
}

describe('the roles of a process', () => {
  it('are all of them where nothing is said', () => {
    expect(rolesOf('')).toEqual(ROLES);
    expect(rolesOf(POSTGRES)).toEqual(ROLES);
  });

  it('can be named, in any order, on SQLite too', () => {
    expect(rolesOf('  roles: [console, inlets, workers]\n')).toHaveLength(3);
  });

  it.each([['inlets'], ['workers'], ['inlets, workers']])('can be %s alone on PostgreSQL', (roles) => {
    expect(rolesOf(`${POSTGRES}  roles: [${roles}]\n`)?.join(', ')).toBe(roles);
  });

  it('can be console alone where there is one', () => {
    expect(rolesOf(`${POSTGRES}  console: {}\n  roles: [console]\n`)).toEqual(['console']);
  });
});
