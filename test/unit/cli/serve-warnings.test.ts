import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { requireSetup, WrongConfiguration } from '../../../src/cli/open-setup.ts';
import { warningsTo } from '../../../src/cli/serve-warnings.ts';
import type { Log } from '../../../src/ports.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'hearback-warnings-'));
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

it('what a configuration is warned of is a line of the operational log; what is wrong with one that nothing starts on is for people', async () => {
  const file = join(directory, 'hearback.yaml');
  const text = `engine:
  store: sqlite:./record.db
  mappings: ${PROJECT}/mappings
  terminology: ${PROJECT}/terminology
  retention: { bodies: P520W, entries: P418W }
partners:
  - id: oak-road
    kind: gp-system
    organisation: { name: Oak Road, ods: Z99001 }
    inlets: [{ type: fhir, tokens: [{ sha256: ${'a'.repeat(64)} }] }]
`;
  writeFileSync(file, text);
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const lines: unknown[] = [];
  const silent = () => undefined;
  const log: Log = { info: silent, error: silent, warn: (...line) => void lines.push(line) };
  await requireSetup(file, warningsTo(log));
  expect(printed).not.toHaveBeenCalled();
  expect(lines).toContainEqual([
    'configuration.warning',
    {
      rule: 'config/entries-before-bodies',
      place: expect.stringMatching(/hearback\.yaml:5:\d+$/),
      what: expect.stringContaining('Entries are pruned before'),
      remedy: 'Keep entries at least as long as bodies.',
    },
  ]);
  const told = lines.length;

  writeFileSync(file, text.replace('kind: gp-system', 'kind: gp'));
  await expect(requireSetup(file, warningsTo(log))).rejects.toThrow(WrongConfiguration);
  expect(lines).toHaveLength(told);
  expect(printed.mock.calls.join()).toContain('hearback.yaml');
});
