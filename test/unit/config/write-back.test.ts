import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { FILE, SOUND, surroundings } from './sound-config.ts';

const withRules = (rules: string, readBack = '        readBack: {}\n') =>
  SOUND.replace('        readBack: {}\n', `${readBack}        writeBack: { ${rules} }\n`);
const errorsOf = (text: string) =>
  readConfig(FILE, surroundings(text)).findings.flatMap(({ severity, rule, place }) =>
    severity === 'error' ? [[rule, place.expression]] : [],
  );
const OUTLET = '/partners/0/outlets/0/writeBack';

describe('what a practice wants of its record', () => {
  it('is as it was before, unless it is said', () => {
    const [partner] = readConfig(FILE, surroundings(withRules(''))).config?.partners ?? [];
    expect(partner?.outlets[0]).toMatchObject({
      writeBack: { items: 'every', most: 1, content: 'full', referralCode: 'gp', structured: true, fallback: 'none' },
    });
    const [bare] = readConfig(FILE, surroundings(SOUND)).config?.partners ?? [];
    expect(bare?.outlets[0]).not.toHaveProperty('writeBack');
  });

  it.each([
    [
      'nothing at all would reach the practice',
      withRules('structured: false'),
      'config/no-way-back',
      `${OUTLET}/structured`,
    ],
    ['nobody can look there', withRules('checkPerson: true', ''), 'config/cannot-look', `${OUTLET}/checkPerson`],
    ['no item', withRules('items: digest, most: 0'), 'config/out-of-range', `${OUTLET}/most`],
    ['an unknown content', withRules('content: some'), 'config/not-one-of', `${OUTLET}/content`],
  ])('%s: is said', (_what, text, rule, place) => {
    expect(errorsOf(text)).toEqual([[rule, place]]);
  });

  it.each([['structured: false, fallback: document'], ['checkPerson: true'], ['items: digest, period: P7D, most: 4']])(
    '%s is right',
    (rules) => {
      expect(errorsOf(withRules(rules))).toEqual([]);
    },
  );
});
