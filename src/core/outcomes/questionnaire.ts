import type { Extension, Observation, Questionnaire, QuestionnaireItem } from 'fhir/r4.js';
import type { Instrument, InstrumentItem, InstrumentScore } from './instrument.ts';
import { OUTCOME_SCORE_SYSTEM } from './local-codes.ts';
import {
  MAX_VALUE,
  MIN_VALUE,
  OBSERVATION_EXTRACT,
  TEMPLATE_CONTEXT,
  TEMPLATE_EXTRACT,
  TEMPLATE_VALUE,
  UNIT,
} from './sdc-extensions.ts';

const UCUM = 'http://unitsofmeasure.org';

/**
 * The instrument as an R4 Questionnaire, extractable by SDC: what is a score has a code and is marked for observation-based
 * extraction, what is made of several answers has a template. Without wording where the licence keeps it out.
 */
export function questionnaireOf(instrument: Instrument): Questionnaire {
  const { instrument: id, url, version, title, licence, source, panels } = instrument;
  const inPanels = new Set(panels.flatMap(({ components }) => components));
  const byItem = new Map(
    instrument.scores.filter(({ rule }) => rule === 'item').map((score) => [score.items[0], score]),
  );
  return {
    resourceType: 'Questionnaire',
    id,
    ...(panels.length > 0 && {
      contained: panels.map((panel) => panelTemplate(panel, instrument)),
    }),
    url,
    version,
    name: id.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase()).replace(/^(\d)/, 'I$1'),
    title,
    status: 'active',
    subjectType: ['Patient'],
    publisher: 'Hearback',
    description: source,
    copyright: licence.statement,
    item: [
      ...instrument.items
        .filter(({ linkId }) => !inPanels.has(linkId))
        .map((item) => itemOf(item, byItem.get(item.linkId))),
      ...panels.map((panel) => panelItem(panel, instrument)),
      ...instrument.scores.filter(({ rule }) => rule !== 'item').map(scoreItem),
    ],
  };
}

function itemOf(item: InstrumentItem, score: InstrumentScore | undefined): QuestionnaireItem {
  const { linkId, text, about, type, min, max, unit } = item;
  const code = score?.code ?? item.code;
  const extension = [
    ...range(type, min, max),
    ...(unit === undefined ? [] : [unitExtension(unit)]),
    ...(code === undefined ? [] : [EXTRACT]),
  ];
  return {
    ...(extension.length > 0 && { extension }),
    linkId,
    ...(code !== undefined && { code: [code] }),
    // R4 wants something to show: the wording where it may be shown, else what it is about.
    text: text ?? about ?? `Item ${linkId}`,
    type,
    required: false,
  };
}

/** A panel's items in a group, which is extracted as a whole. */
function panelItem({ id, title, components }: Instrument['panels'][number], { items }: Instrument): QuestionnaireItem {
  return {
    extension: [{ url: TEMPLATE_EXTRACT, extension: [{ url: 'template', valueReference: { reference: `#${id}` } }] }],
    linkId: id,
    text: title,
    type: 'group',
    item: components.flatMap((linkId) => {
      const item = items.find((one) => one.linkId === linkId);
      return item === undefined ? [] : [itemOf(item, undefined)];
    }),
  };
}

/** A score stands behind the items as a read-only answer, so that it is extracted like any other. */
function scoreItem({ id, title, min, max, decimals, code, missing }: InstrumentScore): QuestionnaireItem {
  const type = Math.max(decimals, missing?.decimals ?? 0) === 0 ? 'integer' : 'decimal';
  return {
    extension: [...range(type, min, max), EXTRACT],
    linkId: id,
    code: [code],
    text: title,
    type,
    readOnly: true,
  };
}

const EXTRACT: Extension = { url: OBSERVATION_EXTRACT, valueBoolean: true };

function range(type: InstrumentItem['type'], min: number | undefined, max: number | undefined): Extension[] {
  const bound = (url: string, value: number | undefined): Extension[] =>
    value === undefined ? [] : [type === 'decimal' ? { url, valueDecimal: value } : { url, valueInteger: value }];
  return [...bound(MIN_VALUE, min), ...bound(MAX_VALUE, max)];
}

function unitExtension(unit: string): Extension {
  return { url: UNIT, valueCoding: { system: UCUM, code: unit, display: unit } };
}

/** One Observation with a component for each item; without an answer a component is left out. */
function panelTemplate(panel: Instrument['panels'][number], { instrument, items }: Instrument): Observation {
  const component = panel.components.map((linkId) => {
    const item = items.find((one) => one.linkId === linkId);
    const context = `item.where(linkId = '${linkId}').answer.value`;
    const display = item?.about ?? `Item ${linkId}`;
    return {
      extension: [{ url: TEMPLATE_CONTEXT, valueString: context }],
      code: { coding: [{ system: OUTCOME_SCORE_SYSTEM, code: `${instrument}-${linkId}`, display }], text: display },
      valueQuantity: {
        ...TEMPLATED_VALUE,
        ...(item?.unit !== undefined && { unit: item.unit, system: UCUM, code: item.unit }),
      },
    };
  });
  return {
    resourceType: 'Observation',
    id: panel.id,
    status: 'final',
    code: {
      coding: [{ system: OUTCOME_SCORE_SYSTEM, code: `${instrument}-${panel.id}`, display: panel.title }],
      text: panel.title,
    },
    ...TEMPLATED_TIME,
    component,
  };
}

const TEMPLATED_VALUE = { _value: { extension: [{ url: TEMPLATE_VALUE, valueString: '$this' }] } };
const TEMPLATED_TIME = {
  _effectiveDateTime: { extension: [{ url: TEMPLATE_VALUE, valueString: '%resource.authored' }] },
};
