import type { Coding, Questionnaire } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Instrument, InstrumentScore } from './instrument.ts';
import { OUTCOME_SCORE_SYSTEM } from './local-codes.ts';
import { questionnaireOf } from './questionnaire.ts';
import { INSTRUMENT_SUFFIX, readInstrument } from './read-instrument.ts';

export interface InstrumentFileText {
  readonly file: string;
  readonly text: string;
}

/** One score of one instrument. */
export interface ScoreOf {
  readonly instrument: Instrument;
  readonly score: InstrumentScore;
}

/** All instruments, and how answers and scores find theirs. */
export interface InstrumentSet {
  readonly all: readonly Instrument[];
  /**
   * By canonical url (with or without a version), by a name of it, or by a platform's own url that ends in one
   * (`urn:hearback:questionnaire:hub:PHQ-9`); undefined for a questionnaire that nobody described.
   */
  byQuestionnaire(canonical: string | undefined): Instrument | undefined;
  /** The score that one of these codings means. */
  byCode(codings: readonly Coding[]): ScoreOf | undefined;
  /** The score that a platform calls this. Only for what came without any code. */
  byName(name: string | undefined): ScoreOf | undefined;
  questionnaire(instrument: Instrument): Questionnaire;
}

export const NO_INSTRUMENTS: InstrumentSet = setOf([]);

/** Reads instrument files into a set; what is wrong is a finding with file, line and column. */
export function buildInstruments(files: readonly InstrumentFileText[]): {
  instruments: InstrumentSet;
  findings: Finding[];
} {
  const findings: Finding[] = [];
  const read: Instrument[] = [];
  for (const { file, text } of files.filter((one) => one.file.endsWith(INSTRUMENT_SUFFIX))) {
    const one = readInstrument(text, file);
    findings.push(...one.findings);
    if (one.instrument === undefined) continue;
    if (!file.replaceAll('\\', '/').endsWith(`/${one.instrument.instrument}${INSTRUMENT_SUFFIX}`))
      findings.push(
        wrong(
          file,
          'The file is not called as the instrument is.',
          `Call it ${one.instrument.instrument}${INSTRUMENT_SUFFIX}.`,
        ),
      );
    findings.push(...clashes(one.instrument, read, file));
    read.push(one.instrument);
  }
  return { instruments: setOf(read), findings };
}

function clashes(instrument: Instrument, others: readonly Instrument[], file: string): Finding[] {
  const own = new Set(namesOf(instrument));
  const other = others.find((one) => namesOf(one).some((name) => own.has(name)));
  if (other === undefined) return [];
  return [
    wrong(
      file,
      `"${other.instrument}" has the same id, name, url or score code.`,
      'Each of them may mean one instrument only.',
    ),
  ];
}

function wrong(file: string, message: string, remedy: string): Finding {
  return {
    severity: 'error',
    rule: 'instrument/clash',
    place: { file, line: 1, column: 1 },
    message,
    remedy,
    issue: 'duplicate',
  };
}

function namesOf(instrument: Instrument): string[] {
  return [
    instrument.url,
    ...instrument.canonicals,
    ...[...new Set([instrument.instrument, ...instrument.names].map(fold))],
    ...instrument.scores.flatMap((score) => [
      ...new Set([score.title, ...score.names].map(fold)),
      ...codesOf({ instrument, score }),
    ]),
  ];
}

/** What mappings make of the name that a platform gives its form, where it sends no url. */
const PLATFORMS_OWN = /^urn:hearback:questionnaire:[^:]*:(.*)$/;

function setOf(all: readonly Instrument[]): InstrumentSet {
  const urls = new Map(all.flatMap((one) => [one.url, ...one.canonicals].map((url) => [url, one] as const)));
  const names = new Map(all.flatMap((one) => [one.instrument, ...one.names].map((name) => [fold(name), one] as const)));
  const scores = all.flatMap((instrument) => instrument.scores.map((score) => ({ instrument, score })));
  const codes = new Map(scores.flatMap((one) => codesOf(one).map((token) => [token, one] as const)));
  const called = new Map(
    scores.flatMap((one) => [one.score.title, ...one.score.names].map((name) => [fold(name), one] as const)),
  );
  const questionnaires = new Map<string, Questionnaire>();
  return {
    all,
    byQuestionnaire: (canonical) => {
      const [url = ''] = (canonical ?? '').split('|');
      return urls.get(url) ?? names.get(fold(PLATFORMS_OWN.exec(url)?.[1] ?? url));
    },
    byCode: (codings) => {
      for (const { system = '', code = '' } of codings) {
        const found = codes.get(`${system}|${code}`);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    byName(name) {
      const folded = fold(name ?? '');
      const exact = called.get(folded);
      if (exact !== undefined) return exact;
      const instrument = names.get(folded);
      const first = instrument?.scores[0];
      return instrument && first && { instrument, score: first };
    },
    questionnaire(instrument) {
      const known = questionnaires.get(instrument.url) ?? questionnaireOf(instrument);
      questionnaires.set(instrument.url, known);
      return known;
    },
  };
}

function codesOf({ instrument, score }: ScoreOf): string[] {
  const local = `${OUTCOME_SCORE_SYSTEM}|${instrument.instrument}-${score.id}`;
  const own = [score.code, ...score.formerCodes].map(({ system, code }) => `${system}|${code}`);
  return [...new Set([local, ...own])];
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
