import { dataOf, isRead } from '../fhirpath/items.ts';
import { placeOf } from '../fhirpath/places.ts';
import { SNOMED_SYSTEM } from '../referral.ts';
import type { Terminology, Translation } from '../terminology/terminology.ts';
import { isObject } from './plain-value.ts';
import { addFinding, type RunState } from './run-state.ts';
import type { MapUse } from './template.ts';

/** `translate('map')` gives the code; `translateCoding('map')` gives `{ system, code, display }`. */
export const TRANSLATING_FUNCTIONS: readonly string[] = ['translate', 'translateCoding'];

export interface TranslationDesk {
  readonly terminology: Terminology;
  readonly maps: ReadonlyMap<string, MapUse>;
}

interface Word {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  /** Where it stands; looked up only when it is asked for. */
  readonly element: () => string;
}

type Match = Extract<Translation, { kind: 'match' }>;

/** Translates each item; `give` picks what of a match is given. No code is guessed, none is given by default. */
export function translateItems(
  items: readonly unknown[],
  map: string,
  desk: TranslationDesk,
  state: RunState,
  give: (match: Match) => unknown,
): unknown[] {
  const use = desk.maps.get(map);
  if (use === undefined) throw new Error(`the concept map "${map}" was not checked when the mapping was loaded`);
  return items.flatMap((item) => {
    const word = wordOf(item, use, state);
    if (word === undefined) return [];
    const found = desk.terminology.translate(map, word.system, word.code, state.partner);
    return found.kind === 'match' ? [give(found)] : withoutMatch(found, word, use, state);
  });
}

function withoutMatch(found: Exclude<Translation, Match>, word: Word, use: MapUse, state: RunState): unknown[] {
  const { map } = use;
  const { system, code, element } = word;
  switch (use.onNoMatch) {
    case 'hold':
      // A person has already decided about an unmatched code: asking again would hold the referral for ever.
      if (found.kind === 'unknown')
        state.unmapped.set(JSON.stringify([map, system, code]), { map, system, code, element: element() });
      return [];
    case 'fail':
      addFinding(state, {
        rule: 'mapping/no-counterpart',
        message: `The concept map "${map}" has no counterpart for the code at ${element()}.`,
        remedy: 'Add the code to the concept map, or say onNoMatch: hold, omit or text in the mapping.',
        issue: 'code-invalid',
      });
      return [];
    case 'omit':
      return [];
    case 'text':
      return passedOn(word);
  }
}

/** A SNOMED code number is no text for people: without a display nothing is passed on. */
function passedOn(word: Word): unknown[] {
  if (word.display !== undefined) return [word.display];
  return word.system === SNOMED_SYSTEM ? [] : [word.code];
}

/** Reads a Coding, the code of one (its system stands beside it), or a bare word (its system is the mapping's). */
function wordOf(item: unknown, use: MapUse, state: RunState): Word | undefined {
  const value = dataOf(item);
  const { expression = '' } = state.at;
  const element = (): string => elementOf(item) ?? expression;
  if (typeof value === 'string') {
    const beside = siblingsOf(item);
    const { system, display } = isObject(beside) ? beside : {};
    return {
      system: typeof system === 'string' ? system : use.system,
      code: value,
      ...(typeof display === 'string' && { display }),
      element,
    };
  }
  if (isObject(value) && !Object.hasOwn(value, 'coding') && !('toJSON' in value)) {
    const { system, code, display } = value;
    if (typeof code !== 'string') return undefined;
    return {
      system: typeof system === 'string' ? system : use.system,
      code,
      ...(typeof display === 'string' && { display }),
      element: () => `${element()}${element().startsWith('/') ? '/' : '.'}code`,
    };
  }
  if (value === null || value === undefined) return undefined;
  addFinding(state, {
    rule: 'mapping/not-a-code',
    message: 'translate() was given something that is neither a coding nor a code.',
    remedy: 'Apply it to codings or their codes: concept.coding.where(system = %snomed).code.translate(…).',
  });
  return undefined;
}

/** The object that a code stands in, when it is the `code` of a Coding. */
function siblingsOf(item: unknown): unknown {
  return isRead(item) && item.shape.name === 'code' ? item.parent?.data : undefined;
}

/** Where a value stands in the input: FHIRPath in FHIR, a JSON Pointer elsewhere. Undefined for what an expression made. */
function elementOf(item: unknown): string | undefined {
  return isRead(item) && item.parent !== undefined ? placeOf(item) : undefined;
}
