import type { QuestionnaireResponse, QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from 'fhir/r4.js';
import { flatItems } from './flat-items.ts';
import type { Instrument, InstrumentItem } from './instrument.ts';
import type { Answers } from './read-answers.ts';

/** A score that goes into the response as a read-only answer. */
export interface ScoreAnswer {
  readonly id: string;
  readonly value: number;
  readonly decimals: number;
}

/**
 * A platform's answers as a response that is valid against our Questionnaire: its canonical url and version, items in its
 * order and in its groups, each answered once in its type; scores behind them. Only for answers of which none was rejected.
 */
export function completeResponse(
  response: QuestionnaireResponse,
  instrument: Instrument,
  answers: Pick<Answers, 'values'>,
  scores: readonly ScoreAnswer[],
): QuestionnaireResponse {
  const given = new Map(flatItems(response, '').map(({ linkId, answers: [first] }) => [linkId, first?.answer]));
  const answered = (items: readonly InstrumentItem[]) =>
    items.flatMap((item): QuestionnaireResponseItem[] => {
      const value = answers.values.get(item.linkId);
      return value === undefined
        ? []
        : [{ linkId: item.linkId, answer: [answerOf(value, item, given.get(item.linkId))] }];
    });
  const inPanels = new Set(instrument.panels.flatMap(({ components }) => components));
  const panels = instrument.panels.flatMap(({ id, components }): QuestionnaireResponseItem[] => {
    const item = answered(instrument.items.filter(({ linkId }) => components.includes(linkId)));
    return item.length === 0 ? [] : [{ linkId: id, item }];
  });
  const items = [
    ...answered(instrument.items.filter(({ linkId }) => !inPanels.has(linkId))),
    ...panels,
    ...scores.map(({ id, value, decimals }) => ({ linkId: id, answer: [numberAnswer(value, decimals > 0)] })),
  ];
  const { item: _, ...rest } = response;
  return {
    ...rest,
    questionnaire: `${instrument.url}|${instrument.version}`,
    ...(items.length > 0 && { item: items }),
  };
}

function answerOf(
  value: number | boolean | string,
  { type }: InstrumentItem,
  given: QuestionnaireResponseItemAnswer | undefined,
): QuestionnaireResponseItemAnswer {
  if (typeof value === 'boolean') return { valueBoolean: value };
  if (typeof value === 'string') return { valueString: value };
  // A unit that was sent along must not be lost for another one.
  if (type === 'decimal' && given?.valueQuantity !== undefined) return { valueQuantity: given.valueQuantity };
  return numberAnswer(value, type === 'decimal');
}

function numberAnswer(value: number, decimal: boolean): QuestionnaireResponseItemAnswer {
  return decimal ? { valueDecimal: value } : { valueInteger: value };
}
