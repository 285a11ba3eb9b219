import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeDecision } from '../../../src/cli/holds-decide.ts';
import { diskIo } from '../../../src/config/disk.ts';
import { readConfig } from '../../../src/config/read.ts';
import type { Config } from '../../../src/config/schema.ts';
import type { Hold } from '../../../src/core/message.ts';
import { codeHoldKey, readCodeHoldKey } from '../../../src/flow/translation/code-hold.ts';
import { copyTerminology, type OwnTerminology } from '../../fixtures/town/own-terminology.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

const SNOMED = 'http://snomed.info/sct';
const READ = 'http://read.info/readv2';
const ANSWER = { reason: 'asked them', by: 'user:pat', at: '2026-11-25T10:00:00.000Z' };

let own: OwnTerminology;
let config: Config;
beforeEach(() => {
  own = copyTerminology();
  const { config: example } = readConfig(join(PROJECT, 'examples/hearback.yaml'), diskIo({}), { onlyLook: true });
  if (example === undefined) throw new Error('the example is wrong');
  config = { ...example, engine: { ...example.engine, terminology: own.directory } };
});
afterEach(() => own.remove());

const hold = (about: 'leg' | 'report' | 'sender', map: string, system: string, code: string): Hold => ({
  id: 'h1',
  kind: 'unmapped-code',
  key: codeHoldKey(about, 'riverside', { map, system, code }),
  partner: 'riverside',
  openedAt: ANSWER.at,
  findings: [],
});
const of918A = hold('sender', 'read-v2-to-snomed', READ, '918A.');
const write =
  (one: Hold, answer: object = {}) =>
  () =>
    writeDecision(one, { ...ANSWER, ...answer }, config);

describe('the key of a hold about a code', () => {
  it.each(['leg', 'report', 'sender'] as const)('says what was asked (%s)', (about) => {
    const asked = { map: 'needs', system: 'urn:words', code: 'got|help' };
    const said = { about, partner: 'casework', map: 'needs', system: 'urn:words' };
    expect(readCodeHoldKey(codeHoldKey(about, 'casework', { ...asked, code: 'got-help' }))).toEqual({
      ...said,
      code: 'got-help',
    });
    // What may say something about somebody is not in the key.
    expect(readCodeHoldKey(codeHoldKey(about, 'casework', { ...asked, code: 'Okafor' }))).toEqual(said);
  });
});

describe('an answer to a held code', () => {
  it('is written for that partner, with the display of the code given', () => {
    const file = write(of918A, { mapTo: `${SNOMED}|224484003`, equivalence: 'wider' })();
    expect(file).toBe(join(own.directory, 'partners/riverside/concept-map-read-v2-to-snomed.json'));
    expect(JSON.parse(readFileSync(file, 'utf8')).group).toMatchObject([
      { element: [{ code: '918A.', target: [{ display: 'Person themselves is a carer', equivalence: 'wider' }] }] },
    ]);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('that there is no counterpart is written down as unmatched; in a platform’s language too', () => {
    const leg = hold('leg', 'needs-to-casework', SNOMED, '281694009');
    const [group] = JSON.parse(readFileSync(write(leg)(), 'utf8')).group;
    expect(group).toMatchObject({ source: SNOMED, target: expect.stringContaining('casework-need') });
    expect(group.element[0].target).toMatchObject([{ equivalence: 'unmatched', comment: 'asked them' }]);
  });

  it.each([
    ['a code that nothing describes', { mapTo: `${SNOMED}|871691000000100`, equivalence: 'equal' }, /describes/],
    ['a code of another system', { mapTo: 'urn:other|1', equivalence: 'equal' }, /leads to codes of http:\/\/snomed/],
    ['a code without a system', { mapTo: '224484003', equivalence: 'equal' }, /SYSTEM\|CODE/],
    ['no word on how the two relate', { mapTo: `${SNOMED}|224484003` }, /--equivalence/],
  ])('is refused with %s, and nothing is written', (_what, answer, why) => {
    expect(write(of918A, answer)).toThrow(why);
    expect(existsSync(join(own.directory, 'partners'))).toBe(false);
  });

  it('is refused where the code is not shown, and where the hold is about something else', () => {
    expect(write(hold('sender', 'emis-to-snomed', 'urn:x', 'Okafor'))).toThrow(/not shown/);
    expect(write({ ...of918A, kind: 'failed-check' })).toThrow(/not about a code/);
  });
});
