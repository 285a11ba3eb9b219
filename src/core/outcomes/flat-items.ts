import type { QuestionnaireResponse, QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from 'fhir/r4.js';

/** An item of a QuestionnaireResponse with where it stands, whatever group it is in. */
export interface FlatItem {
  readonly linkId: string;
  readonly at: string;
  readonly answers: readonly { readonly answer: QuestionnaireResponseItemAnswer; readonly at: string }[];
}

/**
 * All items, in order, groups opened.
 * @param at FHIRPath of the QuestionnaireResponse itself
 */
export function flatItems(response: Pick<QuestionnaireResponse, 'item'>, at: string): FlatItem[] {
  return listOf(response.item).flatMap((item, index) => opened(item, `${at}.item[${index}]`));
}

function opened(item: QuestionnaireResponseItem, at: string): FlatItem[] {
  const answers = listOf(item.answer).map((answer, index) => ({ answer, at: `${at}.answer[${index}]` }));
  const inner = [
    ...listOf(item.item).flatMap((one, index) => opened(one, `${at}.item[${index}]`)),
    ...answers.flatMap((one) =>
      listOf(one.answer.item).flatMap((own, index) => opened(own, `${one.at}.item[${index}]`)),
    ),
  ];
  // A group without an answer of its own says nothing itself.
  const own = answers.length === 0 && inner.length > 0 ? [] : [{ linkId: String(item.linkId), at, answers }];
  return [...own, ...inner];
}

/** What a mapping made may lack anything: what is no list is none. */
function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

const ORDINAL = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';

/** What an answer says: a number (also the weight of a coded answer), yes or no, or words; undefined when it says nothing. */
export function answerValue(answer: QuestionnaireResponseItemAnswer): number | boolean | string | undefined {
  const { valueInteger, valueDecimal, valueQuantity, valueBoolean, valueString, valueCoding } = answer;
  const weight = valueCoding?.extension?.find(({ url }) => url === ORDINAL)?.valueDecimal;
  return (
    valueInteger ??
    valueDecimal ??
    valueQuantity?.value ??
    weight ??
    valueBoolean ??
    valueString ??
    valueCoding?.display ??
    valueCoding?.code
  );
}
