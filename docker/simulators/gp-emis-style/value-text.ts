import type { CodeableConcept, Observation, ObservationComponent, Quantity } from 'fhir/r4.js';

/** What was observed, in words, with its unit apart where it has one. Components stand behind it, each under its name. */
export function valueText(observation: Observation): { value?: string; unit?: string } {
  const own = ownValue(observation);
  const parts = (observation.component ?? []).map((part) => {
    const { value = 'no value', unit } = ownValue(part);
    return `${termOf(part.code)}: ${value}${unit === undefined ? '' : ` ${unit}`}`;
  });
  if (parts.length === 0) return own;
  const whole = [own.value, own.unit].filter((part) => part !== undefined).join(' ');
  return { value: [...(whole === '' ? [] : [whole]), ...parts].join('; ') };
}

/** The words for a concept. */
export function termOf(concept: CodeableConcept): string {
  return concept.text ?? concept.coding?.find((coding) => coding.display !== undefined)?.display ?? 'no term';
}

function ownValue(of: Observation | ObservationComponent): { value?: string; unit?: string } {
  if (of.valueQuantity !== undefined) return measured(of.valueQuantity);
  if (of.valueCodeableConcept !== undefined) return { value: termOf(of.valueCodeableConcept) };
  const plain = of.valueInteger ?? of.valueString ?? of.valueBoolean ?? of.valueDateTime ?? of.valueTime;
  if (plain !== undefined) return { value: String(plain) };
  if (of.valueRange !== undefined) {
    const ends = [of.valueRange.low, of.valueRange.high].map((end) => (end === undefined ? '' : amount(end)));
    return { value: ends.join(' to ').trim() };
  }
  if (of.valuePeriod !== undefined) return { value: `${of.valuePeriod.start ?? ''} to ${of.valuePeriod.end ?? ''}` };
  return {};
}

function measured({ value, comparator, unit, code }: Quantity): { value?: string; unit?: string } {
  if (value === undefined) return {};
  const named = unit ?? code;
  return { value: `${comparator ?? ''}${value}`, ...(named !== undefined && { unit: named }) };
}

function amount(quantity: Quantity): string {
  const { value = '', unit } = measured(quantity);
  return unit === undefined ? value : `${value} ${unit}`;
}
