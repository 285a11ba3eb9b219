import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readLibrary } from '../../../src/cli/read-library.ts';
import { diskIo } from '../../../src/config/disk.ts';
import { copyTerminology, type OwnTerminology } from '../../fixtures/town/own-terminology.ts';
import { runCommand } from '../../fixtures/town/run-command.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

let own: OwnTerminology;
beforeEach(() => {
  own = copyTerminology();
});
afterEach(() => own.remove());

function change(file: string, from: string, to: string): void {
  const path = join(own.directory, 'instruments', file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(path, text.replace(from, to));
}

const last = (printed: string): unknown => JSON.parse(printed.trim().split('\n').at(-1) ?? '');
const test = (...args: string[]) => runCommand('instruments', 'test', '--terminology', own.directory, ...args);

describe('hearback instruments test', () => {
  it('ends with how many instruments, examples and failures there are', async () => {
    const { printed, status } = await test('--json');
    expect(last(printed)).toEqual({ instruments: 25, examples: expect.any(Number), failed: 0 });
    expect(status).toBe(0);
  });

  it('fails, and says where, when an example does not hold', async () => {
    change('gad-7.examples.yaml', 'expect: { scores: { total: 10 } }', 'expect: { scores: { total: 11 } }');
    const { printed, status } = await test();
    expect(status).toBe(1);
    expect(printed).toMatch(
      /FAIL {2}gad-7: 1\+2\+3\+0\+1\+2\+1 is 10\. \(.*gad-7\.examples\.yaml:3\)\n {8}scores: expected \{"total":11\}, got \{"total":10\}/,
    );
  });

  it('fails when a rule of an instrument is changed without its examples', async () => {
    change('phq-9.instrument.yaml', 'most: 2', 'most: 1');
    expect(last((await test('--json')).printed)).toMatchObject({ failed: 1 });
  });

  it('fails with file, line and column when an instrument is wrong; so do terminology check and everything that starts', async () => {
    change('ucla-3.instrument.yaml', 'max: 9', 'max: 10');
    const { printed, status } = await test();
    expect(status).toBe(1);
    expect(printed).toMatch(/ucla-3\.instrument\.yaml:\d+:\d+ error instrument\/rule/);
    const checked = await runCommand('terminology', 'check', '--terminology', own.directory);
    expect(checked.printed).toMatch(/ucla-3\.instrument\.yaml:\d+:\d+ error instrument\/rule/);
    expect(checked.status).toBe(1);
    const read = await readLibrary({ mappings: join(PROJECT, 'mappings'), terminology: own.directory }, diskIo({}), {
      names: new Set(),
    });
    expect(read?.findings).toContainEqual(expect.objectContaining({ severity: 'error', rule: 'instrument/rule' }));
  });

  it('is told by terminology check of a score code that no source describes', async () => {
    change('gad-7.instrument.yaml', 'system: http://snomed.info/sct', 'system: urn:of:nobody');
    expect((await runCommand('terminology', 'check', '--terminology', own.directory)).printed).toContain(
      'instrument/unknown-code',
    );
  });
});

describe('hearback instruments questionnaire', () => {
  it('prints one as FHIR R4, and says which there are', async () => {
    const { printed } = await runCommand('instruments', 'questionnaire', 'gad-7', '--terminology', own.directory);
    expect(JSON.parse(printed)).toMatchObject({
      resourceType: 'Questionnaire',
      url: 'https://hearback.example/fhir/Questionnaire/gad-7',
      item: expect.any(Array),
    });
    const wrong = await runCommand('instruments', 'questionnaire', 'gad-8', '--terminology', own.directory);
    expect([wrong.status, wrong.errors]).toEqual([2, expect.stringContaining('There is: ')]);
  });
});
