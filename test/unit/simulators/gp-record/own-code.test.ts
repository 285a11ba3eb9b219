import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SIMULATORS = join(import.meta.dirname, '../../../../docker/simulators');
const RECORDS = ['gp-record', 'gp-emis-style', 'gp-systmone-style', 'gp-practice'];

describe('the simulated GP records', () => {
  it('share no code with the engine that they are there to prove', () => {
    const files = RECORDS.flatMap((folder) => readdirSync(join(SIMULATORS, folder)).map((file) => join(folder, file)));
    const sources = files.filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(30);
    const imports = (file: string) => readFileSync(join(SIMULATORS, file), 'utf8').matchAll(/from '([^']+)'/g);
    const foreign = sources.flatMap((file) =>
      [...imports(file)].flatMap(([, from = '']) => (from.includes('/src/') ? `${file}: ${from}` : [])),
    );
    expect(foreign).toEqual([]);
  });
});
