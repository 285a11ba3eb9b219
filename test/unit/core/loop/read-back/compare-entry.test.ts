import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Observation, QuestionnaireResponse } from 'fhir/r4.js';
import { compareEntry } from '../../../../../src/core/loop/read-back/compare-entry.ts';
import type { ElementName } from '../../../../../src/core/loop/read-back/reading.ts';
import { ENTRY_ID_SYSTEM, NHS_NUMBER_SYSTEM, SNOMED_SYSTEM } from '../../../../../src/core/referral.ts';

const SENT: Observation = {
  resourceType: 'Observation',
  identifier: [{ system: ENTRY_ID_SYSTEM, value: 'e1' }],
  status: 'final',
  code: { coding: [{ system: SNOMED_SYSTEM, code: '718466001', display: 'SWEMWBS score' }], text: 'SWEMWBS' },
  subject: { identifier: { system: NHS_NUMBER_SYSTEM, value: '9990000018' } },
  effectiveDateTime: '2026-11-21T09:00:00+00:00',
  valueQuantity: { value: 26, unit: 'score', system: 'http://unitsofmeasure.org', code: '{score}' },
  performer: [{ display: 'Sam Okoro' }, { display: 'Riverside Casework' }],
  note: [{ text: 'Joined a walking group.\nSaid by Sam Okoro, Riverside Casework.' }],
};

const read = (change: Partial<Observation>, sent: Observation = SENT) =>
  compareEntry(sent, [{ ...sent, ...change }], 'e1');
const verdictOf = (element: ElementName, change: Partial<Observation>, sent?: Observation) =>
  read(change, sent).elements.find((one) => one.element === element)?.is;

describe('what a record holds of an Observation', () => {
  it('is kept in every element when it is the same', () => {
    const { is, elements, lostCodes } = read({});
    expect(is).toBe('kept');
    expect(elements.map(({ element }) => element)).toEqual([
      'entry',
      'patient',
      'code',
      'value',
      'unit',
      'date',
      'author',
      'text',
    ]);
    expect(lostCodes).toEqual([]);
  });

  it('is not found when it is not there, or is of another type', () => {
    expect(compareEntry(SENT, [], 'e1')).toMatchObject({ is: 'not-found', elements: [] });
    expect(compareEntry(SENT, [{ resourceType: 'Basic', code: {} }], 'e1').is).toBe('not-found');
  });

  const other = { system: SNOMED_SYSTEM, code: '281399006' };
  const local = { system: 'https://gp.example/codes', code: 'SWB' };
  const [own] = SENT.code.coding ?? [];
  if (own === undefined) throw new Error('a sent code');
  it.each<[string, ElementName, Partial<Observation>, 'kept' | 'degraded' | 'lost']>([
    ['the code is filed as text', 'code', { code: { text: 'SWEMWBS' } }, 'lost'],
    ['another code stands in its place', 'code', { code: { coding: [other], text: 'SWEMWBS' } }, 'lost'],
    ['a local code stands beside it', 'code', { code: { coding: [local, own], text: 'SWEMWBS' } }, 'kept'],
    ['another display', 'code', { code: { coding: [{ ...own, display: 'Wellbeing' }], text: 'SWEMWBS' } }, 'kept'],
    ['the code under another system', 'code', { code: { coding: [{ ...own, system: 'urn:other' }] } }, 'lost'],
    ['the number as an integer', 'value', { valueQuantity: undefined, valueInteger: 26 } as never, 'kept'],
    ['another number', 'value', { valueQuantity: { value: 62 } }, 'lost'],
    ['no number', 'value', { valueQuantity: undefined } as never, 'lost'],
    [
      'the number in the text alone',
      'value',
      { valueQuantity: undefined, note: [{ text: 'SWEMWBS 26.' }] } as never,
      'degraded',
    ],
    ['the number as words', 'value', { valueQuantity: undefined, valueString: '26 score' } as never, 'degraded'],
    ['the unit as words', 'unit', { valueQuantity: undefined, valueString: '26 score' } as never, 'degraded'],
    ['another number as words', 'value', { valueQuantity: undefined, valueString: '62 score' } as never, 'lost'],
    ['a number that only holds it', 'value', { valueQuantity: undefined, note: [{ text: '126' }] } as never, 'lost'],
    ['another unit', 'unit', { valueQuantity: { value: 26, unit: 'percent', code: '%' } }, 'lost'],
    ['no unit', 'unit', { valueQuantity: { value: 26 } }, 'lost'],
    ['the same instant in another offset', 'date', { effectiveDateTime: '2026-11-21T10:00:00+01:00' }, 'kept'],
    ['the day alone', 'date', { effectiveDateTime: '2026-11-21' }, 'degraded'],
    ['the day of filing', 'date', { effectiveDateTime: '2026-11-24T09:00:00Z' }, 'lost'],
    ['no date', 'date', { effectiveDateTime: undefined } as never, 'lost'],
    ['the gateway user as author, named in the text', 'author', { performer: [{ display: 'Gateway' }] }, 'degraded'],
    [
      'the gateway user as author, and no text',
      'author',
      { performer: [{ display: 'Gateway' }], note: [{ text: 'Joined a walking group.' }] },
      'lost',
    ],
    ['the note cut', 'text', { note: [{ text: 'Joined a walking group.' }] }, 'lost'],
    [
      'a title of its own',
      'text',
      { code: { coding: [{ ...own, display: 'Wellbeing' }], text: 'Wellbeing' } },
      'degraded',
    ],
    ['nothing to read', 'text', { code: { coding: [own] }, note: [] }, 'lost'],
    [
      'spaces and lines set otherwise',
      'text',
      { note: [{ text: 'joined a  walking group. Said by Sam Okoro, Riverside Casework.' }] },
      'kept',
    ],
    ['marked as entered in error', 'entry', { status: 'entered-in-error' }, 'lost'],
    [
      'another patient',
      'patient',
      { subject: { identifier: { system: NHS_NUMBER_SYSTEM, value: '9990000026' } } },
      'lost',
    ],
  ])('%s: %s', (_what, element, change, expected) => {
    expect(verdictOf(element, change)).toBe(expected);
  });

  it('says which codes are lost, as codes', () => {
    expect(read({ code: { text: 'SWEMWBS' } })).toMatchObject({
      is: 'lost',
      lostCodes: [{ system: SNOMED_SYSTEM, code: '718466001' }],
      keptCodes: [],
    });
  });

  it('says that some codes of several are lost', () => {
    const sent = { ...SENT, code: { coding: [own, local], text: 'SWEMWBS' } };
    const one = compareEntry(sent, [{ ...sent, code: { coding: [own] } }], 'e1');
    expect(one.elements).toContainEqual({ element: 'code', is: 'degraded', why: '1 of 2 codes stand there' });
    expect(one.lostCodes).toEqual([local]);
  });

  it('sees that it stands there twice', () => {
    expect(compareEntry(SENT, [SENT, SENT], 'e1')).toMatchObject({ is: 'degraded' });
  });

  it('has no element for what was not sent', () => {
    const bare: Observation = { resourceType: 'Observation', status: 'final', code: { text: 'Completed' } };
    expect(compareEntry(bare, [bare], 'e1').elements.map(({ element }) => element)).toEqual(['entry', 'text']);
  });

  it('compares the values of components by their codes', () => {
    const component = (value: number) => [{ code: { coding: [local] }, valueQuantity: { value } }];
    const sent: Observation = { ...SENT, component: component(1) };
    expect(verdictOf('value', { component: component(1) }, sent)).toBe('kept');
    expect(verdictOf('value', { component: component(2) }, sent)).toBe('lost');
    expect(verdictOf('value', { component: [] }, sent)).toBe('lost');
  });

  it('says nothing of what stood there', () => {
    const changed = read({ valueQuantity: { value: 62 }, note: [{ text: 'Zoë Testpatient' }], code: { text: 'x' } });
    expect(JSON.stringify(changed)).not.toMatch(/Testpatient|62|26/);
  });
});

describe('what a record holds of answers', () => {
  const sent: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: 'https://hearback.example/fhir/Questionnaire/swemwbs|1.0',
    authored: '2026-11-21T09:00:00Z',
    item: [
      { linkId: '1', answer: [{ valueInteger: 3 }] },
      { linkId: '2', answer: [{ valueInteger: 4 }], item: [{ linkId: '2.1', answer: [{ valueString: 'yes' }] }] },
    ],
  };
  const verdict = (found: QuestionnaireResponse) => compareEntry(sent, [found], 'q1');

  it('is kept when every answer is', () => {
    expect(verdict(structuredClone(sent))).toMatchObject({ is: 'kept' });
    expect(verdict({ ...sent, item: [...(sent.item ?? [])].reverse() })).toMatchObject({ is: 'kept' });
  });

  it('is lost when an answer is another, or missing, or the form is not named', () => {
    expect(verdict({ ...sent, item: [{ linkId: '1', answer: [{ valueInteger: 3 }] }] }).is).toBe('lost');
    expect(verdict({ ...sent, item: [{ linkId: '1', answer: [{ valueInteger: 9 }] }] }).is).toBe('lost');
    const { questionnaire: _, ...unnamed } = sent;
    expect(verdict(unnamed).is).toBe('lost');
  });
});

describe('any change to a record', () => {
  const anyText = fc.string({ minLength: 1, maxLength: 12 });
  const any = fc.record({
    code: anyText.map((code) => ({ coding: [{ system: SNOMED_SYSTEM, code }], text: code })),
    value: fc.integer({ min: -1000, max: 1000 }),
    note: anyText,
  });

  it('never makes something sent and given back the same less than kept', () => {
    fc.assert(
      fc.property(any, ({ code, value, note }) => {
        const sent: Observation = { ...SENT, code, valueQuantity: { value }, note: [{ text: note }] };
        expect(compareEntry(sent, [structuredClone(sent)], 'e1').is).toBe('kept');
      }),
    );
  });

  it('of the number is never kept', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 9 }), ({ value }, more) => {
        const sent: Observation = { ...SENT, valueQuantity: { value } };
        expect(verdictOf('value', { valueQuantity: { value: value + more } }, sent)).toBe('lost');
      }),
    );
  });
});
