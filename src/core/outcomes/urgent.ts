import type { FhirResource, QuestionnaireResponse } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { isResourceType, SNOMED_SYSTEM } from '../referral.ts';
import { answerValue, flatItems } from './flat-items.ts';
import type { Instrument } from './instrument.ts';
import type { InstrumentSet } from './instrument-set.ts';

/** An answer that must reach the GP at once, whatever becomes of the rest. No wording, no number: what it is about and when. */
export interface UrgentAnswer {
  readonly concern: 'self-harm' | 'safeguarding';
  /** Title of the instrument, or what raised it. */
  readonly instrument: string;
  readonly item: string;
  /** When it was answered, as it was written. */
  readonly answered?: string;
}

/** Codes that are a safeguarding matter by themselves (reference sets come with a release). */
const SAFEGUARDING = new Map([['444543005', 'Referral to social services for adult protection']]);

/**
 * The urgent answers in whatever a mapping made, also where the rest of it cannot be read: every answer to such an item
 * counts, also one that is out of range or given twice.
 */
export function urgentAnswers(bundle: unknown, instruments: InstrumentSet): UrgentAnswer[] {
  const found = resourcesIn(bundle).flatMap((resource): UrgentAnswer[] => {
    if (isResourceType(resource, 'QuestionnaireResponse')) return inResponse(resource, instruments);
    return isResourceType(resource, 'Observation') ? inObservation(resource, instruments) : [];
  });
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = JSON.stringify(one);
    return !seen.has(key) && seen.add(key);
  });
}

function resourcesIn(bundle: unknown): unknown[] {
  if (typeof bundle !== 'object' || bundle === null || !('entry' in bundle) || !Array.isArray(bundle.entry)) return [];
  return bundle.entry.map((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'resource' in entry ? entry.resource : undefined,
  );
}

function inResponse(response: QuestionnaireResponse, instruments: InstrumentSet): UrgentAnswer[] {
  const instrument = instruments.byQuestionnaire(response.questionnaire);
  if (instrument === undefined || instrument.urgent.length === 0) return [];
  const items = flatItems(response, '');
  return instrument.urgent.flatMap(({ item, above, concern }) => {
    const values = items
      .filter(({ linkId }) => linkId === item)
      .flatMap(({ answers }) => answers.map(({ answer }) => answerValue(answer)));
    const raised = values.some((value) => {
      const said = typeof value === 'string' ? numberOrWords(value) : value;
      if (typeof said === 'number') return said > above && said !== missing(instrument, item);
      return said === true || typeof said === 'string';
    });
    return raised ? [answer(concern, instrument, item, response.authored)] : [];
  });
}

/** Words that say that there is nothing, or no answer. */
const NOTHING = /^(?:not at all|never|none|no|false|nan|null|undefined|n\/?a|-)?$/i;

/** Where a number belongs, other words than these may be the worst answer there is. */
function numberOrWords(value: string): number | string | undefined {
  const words = value.trim();
  if (NOTHING.test(words)) return undefined;
  const number = Number(words);
  return Number.isNaN(number) ? words : number;
}

function missing({ items }: Instrument, linkId: string): number | undefined {
  return items.find((item) => item.linkId === linkId)?.missingValue;
}

function answer(
  concern: UrgentAnswer['concern'],
  { title }: Instrument,
  item: string,
  answered: string | undefined,
): UrgentAnswer {
  return { concern, instrument: title, item, ...(typeof answered === 'string' && { answered }) };
}

/** A flag that came as an Observation: by its code, or under the name of an instrument of one question. */
function inObservation(
  resource: Extract<FhirResource, { resourceType: 'Observation' }>,
  instruments: InstrumentSet,
): UrgentAnswer[] {
  if (resource.valueBoolean === false || resource.valueString === 'false') return [];
  const coded = resource.code?.coding?.find(
    ({ system, code }) => system === SNOMED_SYSTEM && SAFEGUARDING.has(code ?? ''),
  );
  const named = resource.code?.coding === undefined ? instruments.byQuestionnaire(resource.code?.text) : undefined;
  const answered = resource.effectiveDateTime;
  const when = typeof answered === 'string' ? { answered } : {};
  if (coded !== undefined)
    return [{ concern: 'safeguarding', instrument: SAFEGUARDING.get(coded.code ?? '') ?? '', item: '1', ...when }];
  const [rule] = named?.items.length === 1 ? named.urgent : [];
  const yes = resource.valueBoolean === true || resource.valueString === 'true' || (resource.valueInteger ?? 0) > 0;
  return named !== undefined && rule !== undefined && yes ? [answer(rule.concern, named, rule.item, answered)] : [];
}

/** What the GP reads. Who said it and when stand beside it; the answers themselves follow with the report, or are held. */
export function urgentText({ concern, instrument, item, answered }: UrgentAnswer): string {
  const when = answered === undefined ? '' : `, answered on ${answered.slice(0, 10)}`;
  const what =
    concern === 'self-harm'
      ? 'a question about harming oneself was not answered with "not at all"'
      : 'a safeguarding concern was raised';
  return `URGENT, please review now: ${what} (${instrument}, question ${item}${when}). This tells of an answer; nobody has assessed it here.`;
}

/** Said on every hold of a report with such an answer, so that whoever looks at holds sees which cannot wait. */
export function urgentFinding(): Finding {
  return {
    severity: 'warning',
    rule: 'outcome/urgent-answer',
    place: {},
    message:
      'This report holds an answer about self-harm or safeguarding. The GP is told of it by itself when the referral is known.',
    remedy: 'Look at this hold first; when it is not known whom it is about, ask the platform at once.',
    issue: 'business-rule',
  };
}
