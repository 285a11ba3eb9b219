import type { ChosenCode, Finding } from '../finding.ts';
import { FHIR_BASE, SNOMED_SYSTEM } from '../referral.ts';
import type { CodeBook } from './code-book.ts';
import { keepsMeaning } from './equivalence.ts';
import { type CodeJudgement, judgeCode } from './judge-code.ts';
import { isReadSystem, withoutTermCode } from './read-code.ts';
import type { JsonObject } from './resource-flaw.ts';
import type { Terminology, Translation } from './terminology.ts';

/** Where a coding goes that came as SNOMED CT and is no identifier of it: kept word for word, and never passed on as SNOMED CT. */
export const DAMAGED_SYSTEM = `${FHIR_BASE}/CodeSystem/damaged-snomed`;

export interface ChoiceGiven {
  readonly terminology: Pick<Terminology, 'translate' | 'codes'>;
  /** Who sent it: its own decisions come first. */
  readonly partner: string;
}

/** A code of which nobody has decided what it means. */
export interface OpenCode {
  /** The map in which the sender’s answer will stand. */
  readonly map: string;
  readonly system: string;
  readonly code: string;
  /** FHIRPath of it. */
  readonly element: string;
  /** Ours, without any value of the message. */
  readonly why: string;
  /** Codes that may be meant, of the system of meaning or of the code’s own. */
  readonly candidates: readonly string[];
  readonly damaged: boolean;
}

/** The codings of one concept after the rules were applied. */
export interface Chosen {
  readonly codings: readonly JsonObject[];
  readonly changed: boolean;
  /** Whether one of them says what is meant. */
  readonly meant: boolean;
  readonly open: readonly OpenCode[];
  readonly findings: readonly Finding[];
}

/** What became of one coding. */
interface Fate {
  readonly codings: readonly JsonObject[];
  readonly meaning?: JsonObject;
  /** A person has decided, or no rule asks one. */
  readonly open?: OpenCode;
  readonly finding?: Finding;
  /** Written down as without a counterpart. */
  readonly decided?: boolean;
}

/**
 * Chooses what the codings of one concept mean, by the rules of terminology/coding-choice.json. Every coding received is
 * kept: a sound one of the system of meaning wins; otherwise legacy codes are translated and the result is added beside
 * them; what came damaged is kept under DAMAGED_SYSTEM.
 */
export function chooseCodings(codings: readonly JsonObject[], at: string, given: ChoiceGiven): Chosen {
  const own = codings.map((coding, index) => ownFate(coding, `${at}[${index}]`, given));
  const isMeant = own.some(({ meaning }) => meaning !== undefined);
  const fates = isMeant
    ? own
    : own.map((fate, index) => translatedFate(fate, codings[index] ?? {}, `${at}[${index}]`, given));
  const meant = fates.some(({ meaning }) => meaning !== undefined);
  const decided = meant || fates.some((fate) => fate.decided);
  const isChanged = fates.some(({ codings: [first, more] }, index) => more !== undefined || first !== codings[index]);
  return {
    codings: isChanged ? unique(fates.flatMap((fate) => fate.codings)) : codings,
    changed: isChanged,
    meant,
    open: decided ? [] : fates.flatMap(({ open }) => open ?? []),
    findings: fates.flatMap(({ finding }) => finding ?? []),
  };
}

function unique(codings: readonly JsonObject[]): JsonObject[] {
  const seen = new Set<string>();
  return codings.filter(({ system, code, display }) => {
    const key = JSON.stringify([system, code, display]);
    return code === undefined || (!seen.has(key) && seen.add(key));
  });
}

/* ------------------------------------------------------------------ codings of the system of meaning */

function ownFate(coding: JsonObject, at: string, given: ChoiceGiven): Fate {
  if (coding['system'] !== SNOMED_SYSTEM || coding['code'] === undefined) return { codings: [coding] };
  const display = typeof coding['display'] === 'string' ? coding['display'] : undefined;
  const judged = judgeCode(SNOMED_SYSTEM, coding['code'], display, given.terminology.codes);
  if (judged.verdict === 'sound') return { codings: [coding], meaning: coding };
  if (judged.verdict === 'suspect') {
    return { codings: [coding], meaning: coding, finding: doubt('code/may-be-damaged', at, judged.why) };
  }
  return damagedFate(coding, judged, at, given);
}

function damagedFate(
  coding: JsonObject,
  judged: Exclude<CodeJudgement, { verdict: 'sound' | 'suspect' }>,
  at: string,
  given: ChoiceGiven,
): Fate {
  const { repair } = given.terminology.codes.choice;
  const code = String(coding['code']);
  const kept = { ...coding, system: DAMAGED_SYSTEM };
  const known = given.terminology.translate(repair.map, DAMAGED_SYSTEM, code, given.partner);
  if (known.kind === 'unmatched') return { codings: [kept], decided: true };
  const agreed = judged.verdict === 'damaged' && repair.when === 'display-agrees' ? judged.agreed : undefined;
  const repaired = known.kind === 'match' ? known.code : agreed;
  if (repaired !== undefined) {
    const meaning = codingOf(SNOMED_SYSTEM, repaired, given.terminology.codes);
    return { codings: [meaning, kept], meaning, finding: repairedFinding(at, repaired, known) };
  }
  const candidates = judged.verdict === 'damaged' ? judged.candidates.filter(isShowable) : [];
  const { why } = judged;
  return {
    codings: [coding],
    open: { map: repair.map, system: DAMAGED_SYSTEM, code, element: `${at}.code`, why, candidates, damaged: true },
    finding: damagedFinding(at, why, candidates),
  };
}

/** Ten digits may be an NHS number: what is that short is not repeated. */
function isShowable(candidate: string): boolean {
  return candidate.length >= 14;
}

function codingOf(
  system: string,
  code: string,
  codes: CodeBook,
  display = codes.displays(system, code)[0],
): JsonObject {
  return { system, code, ...(display !== undefined && { display }) };
}

/* ------------------------------------------------------------------ codings of other systems */

function translatedFate(fate: Fate, coding: JsonObject, at: string, given: ChoiceGiven): Fate {
  const { system, code } = coding;
  if (typeof system !== 'string' || typeof code !== 'string' || system === SNOMED_SYSTEM) return fate;
  // Decided before: the answer was that nothing is meant by it.
  if (system === DAMAGED_SYSTEM) return { ...fate, decided: true };
  const { choice } = given.terminology.codes;
  const map = choice.legacy.find((one) => one.system === system)?.map ?? choice.otherSystems;
  if (map === '') return fate;
  const display = typeof coding['display'] === 'string' ? coding['display'] : undefined;
  const judged = judgeCode(system, code, display, given.terminology.codes);
  const read =
    judged.verdict === 'damaged' ? (judged.agreed ?? code) : isReadSystem(system) ? withoutTermCode(code) : code;
  const found = given.terminology.translate(map, system, read, given.partner);
  const element = `${at}.code`;
  if (found.kind === 'unmatched') return { ...fate, decided: true };
  if (found.kind === 'unknown') {
    const candidates = judged.verdict === 'damaged' ? judged.candidates : [];
    const why = judged.verdict === 'damaged' || judged.verdict === 'invalid' ? judged.why : 'No map knows it.';
    return { ...fate, open: { map, system, code, element, why, candidates, damaged: judged.verdict === 'damaged' } };
  }
  // What was decided for this sender by a person needs no other.
  const isOwn = found !== given.terminology.translate(map, system, read);
  if (!isOwn && choice.onEquivalence[found.equivalence] !== 'add') {
    const why = `The map has a code for it that is only ${found.equivalence}: a person must say whether it is meant.`;
    return { ...fate, open: { map, system, code, element, why, candidates: [found.code], damaged: false } };
  }
  const meaning = codingOf(found.system, found.code, given.terminology.codes, found.display);
  return { codings: [meaning, ...fate.codings], meaning, finding: translatedFinding(at, map, found) };
}

/* ------------------------------------------------------------------ findings */

function doubt(rule: string, at: string, why: string): Finding {
  return {
    severity: 'warning',
    rule,
    place: { expression: `${at}.code` },
    message: `The SNOMED CT code may be damaged. ${why}`,
    remedy: 'Compare it with its source.',
    issue: 'code-invalid',
  };
}

function damagedFinding(at: string, why: string, candidates: readonly string[]): Finding {
  const meant = candidates.length === 0 ? '' : ` It may have been ${candidates.join(' or ')}.`;
  return {
    severity: 'warning',
    rule: candidates.length === 0 ? 'code/not-snomed' : 'code/damaged',
    place: { expression: `${at}.code` },
    message: `The code is not one of SNOMED CT. ${why}${meant}`,
    remedy: 'Send it as a text, as its source has it; spreadsheets and JSON numbers lose digits.',
    issue: 'code-invalid',
  };
}

function repairedFinding(at: string, code: string, known: Translation): Finding {
  const by =
    known.kind === 'match'
      ? `by the decision in ${stampOf(known)}`
      : 'because the display is that of the only such code';
  return {
    severity: 'warning',
    rule: 'code/repaired',
    place: { expression: `${at}.code` },
    message: `The SNOMED CT code came damaged. It was read as ${code}, ${by}; what was received is kept beside it.`,
    remedy: 'Send the code as a text, as its source has it; spreadsheets and JSON numbers lose digits.',
    issue: 'code-invalid',
    chosen: { system: SNOMED_SYSTEM, code, ...(known.kind === 'match' && mapOf(known)) },
  };
}

function translatedFinding(at: string, map: string, found: Extract<Translation, { kind: 'match' }>): Finding {
  const narrowed = keepsMeaning(found.equivalence) ? '' : ` Its meaning is ${found.equivalence}.`;
  return {
    severity: 'information',
    rule: 'code/translated',
    place: { expression: at },
    message: `${found.code} of ${found.system} was added by the map ${map}, ${stampOf(found)}; the coding received is kept beside it.${narrowed}`,
    remedy: 'Nothing need be done; a SNOMED CT coding beside the legacy one is taken as it is.',
    issue: 'informational',
    chosen: { system: found.system, code: found.code, ...mapOf(found) },
  };
}

function mapOf({ map }: Extract<Translation, { kind: 'match' }>): Pick<ChosenCode, 'map' | 'mapVersion'> {
  if (map === undefined) return {};
  return { map: map.url, ...(map.version !== undefined && { mapVersion: map.version }) };
}

function stampOf({ map }: Extract<Translation, { kind: 'match' }>): string {
  return map === undefined ? 'of no known version' : `${map.url} version ${map.version ?? 'unknown'}`;
}
