import { describe, expect, it } from '@jest/globals';
import type { Observation, QuestionnaireResponse } from 'fhir/r4.js';
import type { Dossier } from '../../../../src/core/referral.ts';
import { newResults } from '../../../../src/flow/onward/new-results.ts';

const answers = (id: string): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  id,
  status: 'completed',
  authored: '2026-11-20',
});
const score = (id: string, from: string, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'SWEMWBS' },
  valueInteger: 19,
  derivedFrom: [{ reference: `QuestionnaireResponse/${from}` }],
  ...more,
});
const dossier = (...resources: (Observation | QuestionnaireResponse)[]): Dossier => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

describe('results that come again', () => {
  it('are not new, whatever message and answers they are said to come from', () => {
    expect(newResults([answers('q2'), score('o2', 'q2')], dossier(answers('q1'), score('o1', 'q1')))).toEqual([]);
  });

  it('are not new because of what was concluded from others since', () => {
    const marked = score('o1', 'q1', {
      interpretation: [{ text: 'Deteriorated' }],
      note: [{ authorString: 'Hearback', text: 'was 24' }],
    });
    expect(newResults([score('o2', 'q2')], dossier(marked))).toEqual([]);
    expect(newResults([score('o2', 'q2', { note: [{ text: 'follow-up' }] })], dossier(marked))).toHaveLength(1);
  });

  it('bring a new score that is derived from the answers that are known', () => {
    const [added, ...more] = newResults([answers('q2'), score('o2', 'q2')], dossier(answers('q1')));
    expect(more).toEqual([]);
    expect(added).toMatchObject({ id: 'o2', derivedFrom: [{ reference: 'QuestionnaireResponse/q1' }] });
  });

  it('are new with another value, and keep what they are derived from', () => {
    const again = score('o2', 'q2', { valueInteger: 20 });
    expect(newResults([again], dossier(score('o1', 'q1')))).toEqual([again]);
  });
});
