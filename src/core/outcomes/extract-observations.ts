import type {
  Coding,
  Observation,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItemAnswer,
} from 'fhir/r4.js';
import { flatItems } from './flat-items.ts';
import { extensionOf, OBSERVATION_EXTRACT, UNIT } from './sdc-extensions.ts';

/** An extracted Observation and the item that it was extracted from. */
export interface ExtractedObservation {
  readonly linkId: string;
  readonly observation: Observation;
}

/**
 * SDC observation-based extraction (HL7 FHIR SDC, Form Data Extraction, "Observation-based extraction"): one new Observation
 * for each answer to an item that is marked and has a code. Status final; subject, encounter, basedOn, partOf, performer
 * (author), effective and issued (authored) from the response; several answers make several Observations; a skipped question
 * makes none. `false` on an item excludes it and everything below it. Nothing is updated or deleted: a dossier's
 * Observations are only ever added.
 * @param source what `derivedFrom` refers to
 */
export function extractObservations(
  questionnaire: Questionnaire,
  response: QuestionnaireResponse,
  source: string,
): ExtractedObservation[] {
  if (response.status !== 'completed' && response.status !== 'amended') return [];
  const marked = markedItems(questionnaire.item ?? [], isMarked(questionnaire) ?? false);
  return flatItems(response, '').flatMap(({ linkId, answers }) => {
    const item = marked.get(linkId);
    if (item === undefined) return [];
    return answers.flatMap(({ answer }) => {
      const value = observationValue(answer, item.item);
      if (value === undefined) return [];
      return [
        { linkId, observation: observationOf(response, { codes: item.codes, value, source, text: item.item.text }) },
      ];
    });
  });
}

interface Marked {
  readonly item: QuestionnaireItem;
  readonly codes: readonly Coding[];
}

function markedItems(items: readonly QuestionnaireItem[], inherited: boolean): Map<string, Marked> {
  const all = new Map<string, Marked>();
  for (const item of items) {
    const own = isMarked(item);
    const on = own ?? inherited;
    const tagged = (item.code ?? []).filter((code) => isMarked(code) === true);
    // Codes that are tagged themselves are the only ones that go on.
    const codes = tagged.length > 0 ? tagged : on ? (item.code ?? []) : [];
    if (own !== false && codes.length > 0) all.set(item.linkId, { item, codes: codes.map(withoutExtension) });
    if (own === false) continue;
    for (const [linkId, one] of markedItems(item.item ?? [], on)) all.set(linkId, one);
  }
  return all;
}

function isMarked(element: Parameters<typeof extensionOf>[0]): boolean | undefined {
  return extensionOf(element, OBSERVATION_EXTRACT)?.valueBoolean;
}

function withoutExtension({ extension: _, ...code }: Coding): Coding {
  return code;
}

type Value = Pick<
  Observation,
  | 'valueInteger'
  | 'valueQuantity'
  | 'valueBoolean'
  | 'valueString'
  | 'valueCodeableConcept'
  | 'valueDateTime'
  | 'valueTime'
>;

/** An answer as the value of an Observation, which knows no decimal, date, coding or uri of its own. */
function observationValue(answer: QuestionnaireResponseItemAnswer, item: QuestionnaireItem): Value | undefined {
  const {
    valueInteger,
    valueDecimal,
    valueQuantity,
    valueBoolean,
    valueString,
    valueCoding,
    valueDate,
    valueDateTime,
    valueTime,
  } = answer;
  const number = valueInteger ?? valueDecimal;
  const unit = extensionOf(item, UNIT)?.valueCoding;
  if (number !== undefined && unit !== undefined) {
    const { system, code, display = code } = unit;
    return {
      valueQuantity: {
        value: number,
        ...(display && { unit: display }),
        ...(system && { system }),
        ...(code && { code }),
      },
    };
  }
  if (valueInteger !== undefined) return { valueInteger };
  if (valueDecimal !== undefined) return { valueQuantity: { value: valueDecimal } };
  if (valueQuantity !== undefined) return { valueQuantity };
  if (valueBoolean !== undefined) return { valueBoolean };
  if (valueString !== undefined) return { valueString };
  if (valueCoding !== undefined) return { valueCodeableConcept: { coding: [withoutExtension(valueCoding)] } };
  if (valueDateTime !== undefined || valueDate !== undefined)
    return { valueDateTime: valueDateTime ?? valueDate ?? '' };
  return valueTime === undefined ? undefined : { valueTime };
}

function observationOf(
  response: QuestionnaireResponse,
  { codes, value, source, text }: { codes: readonly Coding[]; value: Value; source: string; text: string | undefined },
): Observation {
  const { subject, encounter, basedOn, partOf, author, authored } = response;
  return {
    resourceType: 'Observation',
    ...(basedOn && { basedOn }),
    ...(partOf && { partOf }),
    status: 'final',
    code: { coding: [...codes], ...(text !== undefined && { text }) },
    ...(subject && { subject }),
    ...(encounter && { encounter }),
    ...(authored !== undefined && { effectiveDateTime: authored }),
    // R4's instant has a time and an offset; a day alone is not one.
    ...(authored !== undefined && /T.*(?:Z|[+-]\d\d:\d\d)$/.test(authored) && { issued: authored }),
    ...(author && { performer: [author] }),
    ...value,
    derivedFrom: [{ reference: source }],
  };
}
