import type { FhirResource, Observation, QuestionnaireResponse } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { isResourceType } from '../referral.ts';
import { type Check, checkFinding } from './checks.ts';
import { completeResponse, type ScoreAnswer } from './complete-response.ts';
import { extractObservations } from './extract-observations.ts';
import { extractTemplates } from './extract-templates.ts';
import type { Instrument, InstrumentScore } from './instrument.ts';
import type { InstrumentSet } from './instrument-set.ts';
import { scoreFindings } from './judge-stated.ts';
import { agrees } from './numbers.ts';
import { type Answers, readAnswers } from './read-answers.ts';
import { isScored, type Scored, scoreAnswers } from './score-answers.ts';

/** What one response comes to. */
export interface JudgedResponse {
  readonly instrument: Instrument;
  /** Valid against our Questionnaire; as it came when an answer was rejected. */
  readonly response: QuestionnaireResponse;
  /** Scores by id, those that could be made. */
  readonly scored: ReadonlyMap<string, Scored>;
  /** Scores whose items were not all there, or of which one was rejected. */
  readonly unscored: ReadonlySet<string>;
  /** By SDC extraction; `score` where it is one. */
  readonly observations: readonly { readonly score?: InstrumentScore; readonly observation: Observation }[];
  readonly findings: readonly Finding[];
}

/**
 * Reads, scores and extracts a response. Undefined when its questionnaire is of no instrument.
 * @param at FHIRPath of the response, for findings
 * @param source what the Observations are derived from
 */
export function judgeResponse(
  response: QuestionnaireResponse,
  instruments: InstrumentSet,
  { at, source }: { readonly at: string; readonly source: string },
): JudgedResponse | undefined {
  const instrument = instruments.byQuestionnaire(response.questionnaire);
  if (instrument === undefined) return undefined;
  const answers = readAnswers(response, instrument, at);
  const made = scoreAnswers(instrument, answers);
  const scored = new Map(made.filter(isScored).map((one) => [one.score.id, one]));
  const unscored = made.flatMap((one) => (isScored(one) ? [] : [one]));
  const tell = (check: Check, where: string) => checkFinding(check, instrument, where);
  const findings = [
    ...answers.findings,
    ...(unscored.some(({ why }) => why === 'missing') ? [tell('items-missing', `${at}.item`)] : []),
    ...(unscored.some(({ why }) => why === 'range') ? [tell('score-range', `${at}.item`)] : []),
    ...([...scored.values()].some(({ filled }) => filled > 0) ? [tell('items-filled', `${at}.item`)] : []),
    ...statedFindings(answers, instrument, scored),
  ];
  const sound = answers.rejected.size === 0 && !findings.some(({ severity }) => severity === 'error');
  const complete = (scores: readonly ScoreAnswer[]) => completeResponse(response, instrument, answers, scores);
  // What is kept is what was said; scores that were made stand among the answers only while Observations are extracted.
  const scores = scoreAnswersFor(instrument, scored, answers);
  return {
    instrument,
    response: sound ? complete(scores.filter(({ id }) => answers.stated.has(id))) : response,
    scored,
    unscored: new Set(unscored.map(({ score }) => score.id)),
    observations: !sound ? [] : extracted(complete(scores), { instrument, instruments, source, scored }),
    findings,
  };
}

/** A score among the answers is evidence as any stated score is. */
function statedFindings({ stated }: Answers, instrument: Instrument, scored: ReadonlyMap<string, Scored>): Finding[] {
  return [...stated].flatMap(([id, { value, at }]) => {
    const score = instrument.scores.find((one) => one.id === id);
    if (score === undefined) return [];
    const wrong = scoreFindings({ instrument, score }, value, at);
    const computed = scored.get(id);
    if (wrong.length > 0 || score.rule === 'given') return wrong;
    if (computed === undefined) return [checkFinding('total-unverified', instrument, at)];
    return agrees(value, computed.value) ? [] : [checkFinding('total-differs', instrument, at)];
  });
}

function scoreAnswersFor(
  instrument: Instrument,
  scored: ReadonlyMap<string, Scored>,
  { stated }: Answers,
): ScoreAnswer[] {
  return instrument.scores
    .filter(({ rule }) => rule !== 'item')
    .flatMap(({ id, decimals, missing }) => {
      const value = scored.get(id)?.value ?? stated.get(id)?.value;
      return value === undefined ? [] : [{ id, value, decimals: Math.max(decimals, missing?.decimals ?? 0) }];
    });
}

interface Extracting {
  readonly instrument: Instrument;
  readonly instruments: InstrumentSet;
  readonly source: string;
  readonly scored: ReadonlyMap<string, Scored>;
}

function extracted(
  response: QuestionnaireResponse,
  { instrument, instruments, source, scored }: Extracting,
): JudgedResponse['observations'] {
  const questionnaire = instruments.questionnaire(instrument);
  const byItem = new Map(instrument.scores.map((score) => [score.rule === 'item' ? score.items[0] : score.id, score]));
  const simple = extractObservations(questionnaire, response, source).map(({ linkId, observation }) => {
    const score = byItem.get(linkId);
    return { observation: withFilled(observation, scored.get(score?.id ?? '')), ...(score && { score }) };
  });
  const templated = extractTemplates(questionnaire, response, () => '').filter(isObservation);
  return [...simple, ...templated.map((one) => ({ observation: { ...one, derivedFrom: [{ reference: source }] } }))];
}

function isObservation(resource: FhirResource): resource is Observation {
  return isResourceType(resource, 'Observation');
}

/** Whoever reads the score must see that it is not made of answers alone. */
function withFilled(observation: Observation, scored: Scored | undefined): Observation {
  if (scored === undefined || scored.filled === 0) return observation;
  const text = `${scored.filled} of ${scored.score.items.length} items were not answered and filled with the mean of the others (${scored.score.missing?.source ?? ''}).`;
  return { ...observation, note: [{ authorString: 'Hearback', text }] };
}
