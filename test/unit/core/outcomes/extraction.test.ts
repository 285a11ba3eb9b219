import { describe, expect, it } from '@jest/globals';
import type { Questionnaire, QuestionnaireItem, QuestionnaireResponse } from 'fhir/r4.js';
import { extractObservations } from '../../../../src/core/outcomes/extract-observations.ts';
import { extractTemplates } from '../../../../src/core/outcomes/extract-templates.ts';
import { judgeResponse } from '../../../../src/core/outcomes/judge-response.ts';
import {
  OBSERVATION_EXTRACT,
  TEMPLATE_CONTEXT,
  TEMPLATE_EXTRACT,
  TEMPLATE_VALUE,
  UNIT,
} from '../../../../src/core/outcomes/sdc-extensions.ts';
import { shippedInstruments } from '../../../fixtures/instruments/shipped.ts';

const SYSTEM = 'https://hearback.example/fhir/CodeSystem/for-tests';
const on = { url: OBSERVATION_EXTRACT, valueBoolean: true };
const off = { url: OBSERVATION_EXTRACT, valueBoolean: false };
const code = (word: string) => ({ system: SYSTEM, code: word, display: word });

function form(item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire {
  return { resourceType: 'Questionnaire', status: 'active', item, ...more };
}

const response = (
  item: QuestionnaireResponse['item'],
  more: Partial<QuestionnaireResponse> = {},
): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  authored: '2026-11-20T09:00:00Z',
  ...(item && { item }),
  ...more,
});

const observed = (questionnaire: Questionnaire, answers: QuestionnaireResponse) =>
  extractObservations(questionnaire, answers, 'QuestionnaireResponse/1').map(({ observation }) => observation);

describe('observation-based extraction', () => {
  const one = form([{ linkId: 'a', type: 'integer', code: [code('a')], extension: [on] }]);

  it('takes over who, about whom, when and what for, and says where it is from', () => {
    const about = {
      subject: { reference: 'Patient/1' },
      author: { reference: 'Practitioner/1' },
      encounter: { reference: 'Encounter/1' },
      basedOn: [{ reference: 'ServiceRequest/1' }],
    };
    expect(observed(one, response([{ linkId: 'a', answer: [{ valueInteger: 3 }] }], about))).toEqual([
      {
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [code('a')] },
        subject: about.subject,
        encounter: about.encounter,
        basedOn: about.basedOn,
        performer: [about.author],
        effectiveDateTime: '2026-11-20T09:00:00Z',
        issued: '2026-11-20T09:00:00Z',
        valueInteger: 3,
        derivedFrom: [{ reference: 'QuestionnaireResponse/1' }],
      },
    ]);
  });

  it('makes an instant of a moment only', () => {
    const [day] = observed(one, response([{ linkId: 'a', answer: [{ valueInteger: 3 }] }], { authored: '2026-11-20' }));
    expect(day).toMatchObject({ effectiveDateTime: '2026-11-20' });
    expect(day).not.toHaveProperty('issued');
  });

  it('of a question that was skipped, or of a response that is not complete, makes nothing', () => {
    expect(observed(one, response([{ linkId: 'a' }]))).toEqual([]);
    expect(observed(one, response(undefined))).toEqual([]);
    expect(
      observed(one, response([{ linkId: 'a', answer: [{ valueInteger: 3 }] }], { status: 'in-progress' })),
    ).toEqual([]);
  });

  it('keeps an answer of no and an answer of 0', () => {
    const two = form([
      { linkId: 'a', type: 'boolean', code: [code('a')], extension: [on] },
      { linkId: 'b', type: 'integer', code: [code('b')], extension: [on] },
    ]);
    const answers = response([
      { linkId: 'a', answer: [{ valueBoolean: false }] },
      { linkId: 'b', answer: [{ valueInteger: 0 }] },
    ]);
    expect(observed(two, answers)).toMatchObject([{ valueBoolean: false }, { valueInteger: 0 }]);
  });

  it('makes an Observation of each of several answers', () => {
    const answers = response([{ linkId: 'a', answer: [{ valueInteger: 1 }, { valueInteger: 2 }] }]);
    expect(observed(one, answers)).toMatchObject([{ valueInteger: 1 }, { valueInteger: 2 }]);
  });

  it('reaches into groups and below answers, and stops where it is told not to', () => {
    const deep = form(
      [
        {
          linkId: 'g',
          type: 'group',
          item: [
            {
              linkId: 'a',
              type: 'integer',
              code: [code('a')],
              item: [{ linkId: 'b', type: 'integer', code: [code('b')] }],
            },
          ],
        },
        { linkId: 'h', type: 'group', extension: [off], item: [{ linkId: 'c', type: 'integer', code: [code('c')] }] },
        { linkId: 'd', type: 'integer' },
      ],
      { extension: [on] },
    );
    const answers = response([
      {
        linkId: 'g',
        item: [{ linkId: 'a', answer: [{ valueInteger: 1, item: [{ linkId: 'b', answer: [{ valueInteger: 2 }] }] }] }],
      },
      { linkId: 'h', item: [{ linkId: 'c', answer: [{ valueInteger: 3 }] }] },
      { linkId: 'd', answer: [{ valueInteger: 4 }] },
    ]);
    expect(observed(deep, answers).map((one) => [one.code.coding?.[0]?.code, one.valueInteger])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('hands on only the codes that are marked, where some are', () => {
    const coded = form([
      { linkId: 'a', type: 'integer', extension: [on], code: [{ ...code('a'), extension: [on] }, code('b')] },
    ]);
    const [made] = observed(coded, response([{ linkId: 'a', answer: [{ valueInteger: 1 }] }]));
    expect(made?.code.coding).toEqual([code('a')]);
  });

  it('gives a number its unit, and a decimal a quantity', () => {
    const measured = form([
      {
        linkId: 'a',
        type: 'decimal',
        code: [code('a')],
        extension: [on, { url: UNIT, valueCoding: { system: 'http://unitsofmeasure.org', code: 'kg' } }],
      },
      { linkId: 'b', type: 'decimal', code: [code('b')], extension: [on] },
    ]);
    const answers = response([
      { linkId: 'a', answer: [{ valueDecimal: 82.5 }] },
      { linkId: 'b', answer: [{ valueDecimal: 2.75 }] },
    ]);
    expect(observed(measured, answers)).toMatchObject([
      { valueQuantity: { value: 82.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' } },
      { valueQuantity: { value: 2.75 } },
    ]);
  });
});

describe('template-based extraction', () => {
  const put = (expression: string) => ({ extension: [{ url: TEMPLATE_VALUE, valueString: expression }] });
  const within = (expression: string) => ({ extension: [{ url: TEMPLATE_CONTEXT, valueString: expression }] });
  const uses = (id: string) => ({
    url: TEMPLATE_EXTRACT,
    extension: [{ url: 'template', valueReference: { reference: `#${id}` } }],
  });
  const template = (id: string, more: object): NonNullable<Questionnaire['contained']>[number] =>
    Object.assign({ resourceType: 'Observation' as const, id, status: 'final' as const, code: { text: id } }, more);
  const made = (questionnaire: Questionnaire, answers: QuestionnaireResponse) =>
    extractTemplates(questionnaire, answers, (name) => `new-${name}`);

  const group = form(
    [{ linkId: 'g', type: 'group', extension: [uses('t')], item: [{ linkId: 'a', type: 'integer' }] }],
    {
      contained: [
        template('t', {
          ...{ _valueInteger: put("item.where(linkId = 'a').answer.value") },
          subject: put('%resource.subject'),
          note: [{ ...within("item.where(linkId = 'n').answer.value"), _text: put('$this') }],
        }),
      ],
    },
  );

  it('makes one resource for each time its item is answered, from that time alone', () => {
    const answers = response(
      [
        {
          linkId: 'g',
          item: [
            { linkId: 'a', answer: [{ valueInteger: 1 }] },
            { linkId: 'n', answer: [{ valueString: 'x' }, { valueString: 'y' }] },
          ],
        },
        { linkId: 'g', item: [{ linkId: 'a', answer: [{ valueInteger: 2 }] }] },
      ],
      { subject: { reference: 'Patient/1' } },
    );
    expect(made(group, answers)).toEqual([
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 't' },
        valueInteger: 1,
        subject: { reference: 'Patient/1' },
        note: [{ text: 'x' }, { text: 'y' }],
      },
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 't' },
        valueInteger: 2,
        subject: { reference: 'Patient/1' },
      },
    ]);
  });

  it('makes nothing of an item that is not answered', () => expect(made(group, response([]))).toEqual([]));

  it('keeps an answer of no, and drops a placeholder for which there is no answer', () => {
    const flags = form([{ linkId: 'g', type: 'group', extension: [uses('t')] }], {
      contained: [
        template('t', {
          ...{ _valueBoolean: put("item.where(linkId = 'a').answer.value") },
          ...{ effectiveDateTime: '1900-01-01', _effectiveDateTime: put("item.where(linkId = 'when').answer.value") },
        }),
      ],
    });
    const answers = response([{ linkId: 'g', item: [{ linkId: 'a', answer: [{ valueBoolean: false }] }] }]);
    expect(made(flags, answers)).toEqual([
      { resourceType: 'Observation', status: 'final', code: { text: 't' }, valueBoolean: false },
    ]);
  });

  it('uses several templates for one item, and an id that was given out for both', () => {
    const two = form([{ linkId: 'g', type: 'group', extension: [uses('t'), uses('u')] }], {
      extension: [
        {
          url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-extractAllocateId',
          valueString: 'own',
        },
      ],
      contained: [
        template('t', { subject: { _reference: put("'Patient/' + %own") } }),
        template('u', { subject: { _reference: put("'Patient/' + %own") } }),
      ],
    });
    const answers = response([{ linkId: 'g', item: [{ linkId: 'a', answer: [{ valueInteger: 1 }] }] }]);
    expect(made(two, answers)).toMatchObject([
      { code: { text: 't' }, subject: { reference: 'Patient/new-own' } },
      { code: { text: 'u' }, subject: { reference: 'Patient/new-own' } },
    ]);
  });

  it('makes one Observation of a blood pressure, with what was measured of it', () => {
    const answers = (...items: string[]) =>
      response(
        items.map((linkId) => ({ linkId, answer: [{ valueDecimal: linkId === 'systolic' ? 142 : 88 }] })),
        { questionnaire: 'Vital signs' },
      );
    const pressures = (...items: string[]) =>
      judgeResponse(answers(...items), shippedInstruments(), {
        at: 'QuestionnaireResponse',
        source: 'QuestionnaireResponse/1',
      })?.observations.map(({ observation }) => observation);
    expect(pressures('systolic', 'diastolic')).toMatchObject([
      {
        code: { text: 'Blood pressure' },
        effectiveDateTime: '2026-11-20T09:00:00Z',
        component: [
          { code: { text: 'Systolic blood pressure' }, valueQuantity: { value: 142, unit: 'mm[Hg]' } },
          { code: { text: 'Diastolic blood pressure' }, valueQuantity: { value: 88, unit: 'mm[Hg]' } },
        ],
        derivedFrom: [{ reference: 'QuestionnaireResponse/1' }],
      },
    ]);
    expect(pressures('systolic')?.[0]?.component).toHaveLength(1);
    expect(pressures()).toEqual([]);
  });
});
