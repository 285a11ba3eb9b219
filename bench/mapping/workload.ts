import type { Terminology } from '../../src/core/terminology/terminology.ts';
import type { Contender } from '../interleave.ts';

/** One message to be mapped, and what the engine gives with a run. */
export interface Job<Document, Given> {
  readonly document: Document;
  readonly given: Given;
}

/** The same work, done by every contender. */
export interface Workload<Document, Given> {
  readonly name: string;
  readonly title: string;
  /** Makes the jobs anew: no two share an object. */
  readonly jobs: () => readonly Job<Document, Given>[];
  /** The first is the one that the others are compared with. */
  readonly contenders: readonly Contender<Job<Document, Given>>[];
}

/** Different messages, so that nobody gains by remembering one. */
const MESSAGES = 32;
/** Stands in the sample documents where messages differ. */
const NUMBER = /@(?=[)"])/g;

/** Parses a sample document once for each message, with the message's number in it. */
export function numbered<Document, Given>(text: string, given: (number: number) => Given): Job<Document, Given>[] {
  return Array.from({ length: MESSAGES }, (_, number) => ({
    document: JSON.parse(text.replaceAll(NUMBER, String(number).padStart(2, '0'))),
    given: given(number),
  }));
}

/** The code that a concept map gives; every contender asks the same terminology. */
export function translated(terminology: Terminology, map: string, system: string, code: unknown): string | undefined {
  return translatedCoding(terminology, map, system, code)?.code;
}

/** The same with its system and display. */
export function translatedCoding(terminology: Terminology, map: string, system: string, code: unknown) {
  if (typeof code !== 'string') return undefined;
  const found = terminology.translate(map, system, code);
  if (found.kind !== 'match') return undefined;
  const { display } = found;
  return { system: found.system, code: found.code, ...(display !== undefined && { display }) };
}
