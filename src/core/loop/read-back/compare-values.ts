import type { Observation, ObservationComponent, Quantity } from 'fhir/r4.js';
import type { ElementReading } from './reading.ts';

type Valued = Observation | ObservationComponent;

/** Compares the value of an Observation and of its components, with their units; nothing when none was sent. `words`: see text. */
export function compareQuantities(sent: Observation, found: Observation, words: string): ElementReading[] {
  const pairs: [Valued, Valued | undefined][] = [[sent, found]];
  for (const component of sent.component ?? []) pairs.push([component, counterpart(component, found)]);
  const compared = pairs.flatMap(([ours, theirs]) => compare(ours, theirs, words));
  return [...worstOf('value', compared), ...worstOf('unit', compared)];
}

/** One line for each element, however many components there are. */
function worstOf(element: ElementReading['element'], all: readonly ElementReading[]): ElementReading[] {
  const own = all.filter((one) => one.element === element);
  const found = (['lost', 'degraded', 'kept'] as const).map((is) => own.find((one) => one.is === is));
  return found.flatMap((one) => one ?? []).slice(0, 1);
}

function counterpart(
  { code }: ObservationComponent,
  { component = [] }: Observation,
): ObservationComponent | undefined {
  return component.find(
    (one) =>
      one.code.coding?.some((theirs) =>
        code.coding?.some((ours) => ours.system === theirs.system && ours.code === theirs.code),
      ) ??
      (one.code.text !== undefined && one.code.text === code.text),
  );
}

function compare(sent: Valued, found: Valued | undefined, words: string): ElementReading[] {
  const ours = valueIn(sent);
  if (ours === undefined) return [];
  // A number that was put into words is there to read, and for nothing else.
  const isWords = isNumber(sent) && found?.valueString !== undefined;
  const theirs = found && !isWords ? valueIn(found) : undefined;
  return [value(ours, theirs, words), ...unit(sent.valueQuantity, found?.valueQuantity, isWords ? words : undefined)];
}

function isNumber({ valueInteger, valueQuantity }: Valued): boolean {
  return valueInteger !== undefined || valueQuantity?.value !== undefined;
}

function value(ours: string, theirs: string | undefined, words: string): ElementReading {
  if (ours === theirs) return { element: 'value', is: 'kept' };
  if (theirs !== undefined) return { element: 'value', is: 'lost', why: 'another value stands there' };
  const word = ours.toLowerCase();
  const inText =
    words.split(/[^\p{L}\p{N}.]+/u).some((one) => one.replace(/\.$/, '') === word) || words.includes(` ${word} `);
  return inText
    ? { element: 'value', is: 'degraded', why: 'it stands in the text alone' }
    : { element: 'value', is: 'lost', why: 'it has no value there' };
}

/** `words`: the entry's, where its value was put into words. */
function unit(sent: Quantity | undefined, found: Quantity | undefined, words?: string): ElementReading[] {
  if (sent?.unit === undefined && sent?.code === undefined) return [];
  const named = (sent.unit ?? sent.code ?? '').toLowerCase();
  if (found === undefined && words?.includes(named)) {
    return [{ element: 'unit', is: 'degraded', why: 'it stands in the text alone' }];
  }
  const byCode = sent.code !== undefined && found?.code !== undefined;
  const isSame = byCode ? sent.code === found.code && sent.system === found.system : sent.unit === found?.unit;
  if (found === undefined || isSame) {
    return [{ element: 'unit', is: isSame ? 'kept' : 'lost', ...(!isSame && { why: 'it has no unit there' }) }];
  }
  return [{ element: 'unit', is: 'lost', why: 'another unit stands there' }];
}

/** Numbers are compared as numbers, however their type is called: 19 and 19.0 are one score. */
function valueIn(one: Valued): string | undefined {
  const number = one.valueInteger ?? one.valueQuantity?.value;
  if (number !== undefined) return String(number);
  const concept = one.valueCodeableConcept;
  const coded = concept?.coding?.[0]?.code ?? concept?.text;
  const plain = one.valueString ?? coded ?? one.valueDateTime ?? one.valueTime;
  return plain ?? (one.valueBoolean === undefined ? undefined : String(one.valueBoolean));
}
