import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConsolePartner } from '../../../../src/console/console-partner.ts';
import {
  loopQuery,
  readLoopSearch,
  searchForm,
  searchInWords,
} from '../../../../src/console/pages/loops/loop-search.ts';

const PARTNERS: readonly ConsolePartner[] = [
  { id: 'elm-tree', name: 'Elm Tree Surgery', kind: 'gp-system' },
  { id: 'casework', name: 'Casework', kind: 'vcse-platform' },
];
const NOW = new Date('2026-11-26T08:00:00.000Z');
const NHS_NUMBER = '9990000018';

const read = (fields: Readonly<Record<string, string>>) => readLoopSearch(new URLSearchParams(fields), PARTNERS);
const query = (fields: Readonly<Record<string, string>>) =>
  loopQuery(read(fields).search, { now: NOW, partners: ['elm-tree', 'casework'] });

describe('the search for loops', () => {
  it('asks for nothing where nothing was filled in', () => {
    expect(read({ nhsNumber: ' ', reference: '', need: '' })).toEqual({ search: {}, problems: [] });
    expect(query({})).toEqual({});
  });

  it('takes an NHS number as people write it', () => {
    expect(query({ nhsNumber: '999 000 0018' })).toEqual({
      patient: `https://fhir.nhs.uk/Id/nhs-number|${NHS_NUMBER}`,
    });
  });

  it('says what is wrong with each field, all at once, and repeats nothing of what was written', () => {
    const { problems } = read({
      nhsNumber: '9990000019',
      practice: 'casework',
      platform: 'nobody',
      state: 'lost',
      status: 'x',
      from: '2026-02-30',
      need: '160932005 |',
    });
    expect(problems.map(({ href }) => href)).toEqual([
      '#nhsNumber',
      '#practice',
      '#platform',
      '#state',
      '#status',
      '#from',
      '#need',
    ]);
    for (const { text } of problems) expect(text).not.toMatch(/9990000019|nobody|02-30/);
    expect(read({ from: '2026-11-02', to: '2026-11-01' }).problems).toEqual([
      { text: 'The last day must not be before the first.', href: '#to' },
    ]);
  });

  it('asks for late loops among the open ones, at the time of the page', () => {
    expect(query({ status: 'late' })).toEqual({ status: 'open', lateAt: '2026-11-26T08:00:00.000Z' });
  });

  it('takes both days in', () => {
    expect(query({ from: '2026-11-01', to: '2026-11-30' })).toEqual({
      openedFrom: '2026-11-01T00:00:00.000Z',
      openedBefore: '2026-12-01T00:00:00.000Z',
    });
  });

  it('asks for practice and platform together, each by itself, and for a name among those of all partners', () => {
    expect(query({ practice: 'elm-tree', platform: 'casework' })).toEqual({
      partner: 'elm-tree',
      alsoPartner: 'casework',
    });
    expect(query({ platform: 'casework' })).toEqual({ partner: 'casework' });
    expect(query({ reference: 'CW-1' })).toEqual({ named: { value: 'CW-1', partners: ['elm-tree', 'casework'] } });
  });

  it('shows neither a number nor a reference again, in words or in the form', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (reference) => {
        const { search } = read({ nhsNumber: NHS_NUMBER, reference: `x${reference}yz` });
        const shown = JSON.stringify([searchForm(search, PARTNERS), searchInWords(search, PARTNERS)]);
        return !shown.includes(NHS_NUMBER) && !shown.includes(JSON.stringify(`x${reference}yz`).slice(1, -1));
      }),
    );
    expect(searchInWords({ nhsNumber: NHS_NUMBER, reference: 'CW-1' }, PARTNERS)).toEqual([
      'NHS number ends in 018',
      'a reference',
    ]);
  });
});
