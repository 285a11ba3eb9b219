import { SNOMED_SYSTEM } from '../referral.ts';
import type { CodeBook } from './code-book.ts';
import { isReadCode, isReadSystem, readCodesBefore } from './read-code.ts';
import { readSnomedIdentifier } from './snomed-identifier.ts';
import { type DamageKind, mayBeDamaged, readDamage } from './spreadsheet-damage.ts';

/** What a code is worth, with a reason that holds no value of the message. */
export type CodeJudgement =
  | { readonly verdict: 'sound' }
  /** Passes every check, and looks all the same as a damaged one would by chance. */
  | { readonly verdict: 'suspect'; readonly why: string }
  | {
      readonly verdict: 'damaged';
      readonly damage: DamageKind | 'zeros-or-dots-lost';
      /** Codes that would have become this one, in ascending order; may be none. */
      readonly candidates: readonly string[];
      /** Whether there is exactly one. */
      readonly unique: boolean;
      readonly why: string;
      /** The candidate whose known display is the one received; only there may a written rule accept it. */
      readonly agreed?: string;
    }
  | { readonly verdict: 'invalid'; readonly why: string }
  /** A JSON number or something else that is no text. */
  | { readonly verdict: 'not-text'; readonly why: string };

type Known = Pick<CodeBook, 'displays' | 'concepts'>;

/**
 * Judges one code at a door, whatever the channel: a FHIR Coding, a CWE of HL7 v2, a cell of a CSV row, a member of a
 * platform's JSON. Codes of SNOMED CT are taken to be concepts; of systems without a form of their own any text is sound.
 * @param code as it came: a number is judged as one, so do not turn it into a text before
 */
export function judgeCode(
  system: string | undefined,
  code: unknown,
  display: string | undefined,
  known: Known,
): CodeJudgement {
  if (typeof code !== 'string') return { verdict: 'not-text', why: NOT_TEXT };
  if (system === SNOMED_SYSTEM) return judgeConcept(code, display, known);
  if (system !== undefined && isReadSystem(system)) return judgeReadCode(system, code, display, known);
  return { verdict: 'sound' };
}

const NOT_TEXT =
  'A code is a text: as a number it has lost digits already (everything above 9007199254740991), and nobody can tell which.';

function judgeConcept(code: string, display: string | undefined, known: Known): CodeJudgement {
  const read = readSnomedIdentifier(code);
  if (read.kind === 'valid') {
    if (read.component !== 'concept')
      return { verdict: 'invalid', why: `It names a ${read.component}, not a concept.` };
    return mayBeDamaged(code) ? { verdict: 'suspect', why: SUSPECT } : { verdict: 'sound' };
  }
  const damage = readDamage(code, { component: 'concept', known: known.concepts });
  if (damage === undefined) return { verdict: 'invalid', why: FAULTS[read.fault] };
  return damaged(damage.kind, damage.candidates, damage.why, { system: SNOMED_SYSTEM, display, known });
}

const SUSPECT =
  'Its last three digits are zeros where a UK identifier has others: one damaged code in ten passes the check.';
const FAULTS = {
  format: 'It is not an identifier of 6 to 18 digits.',
  'check-digit': 'Its check digit is wrong: a digit was lost or changed, and several identifiers are possible.',
  partition: 'Its partition does not say what kind of component it is.',
} as const;

function judgeReadCode(system: string, code: string, display: string | undefined, known: Known): CodeJudgement {
  if (isReadCode(code)) return { verdict: 'sound' };
  const candidates = readCodesBefore(code);
  if (candidates.length === 0) return { verdict: 'invalid', why: 'A Read code has five characters, dots included.' };
  const why = 'A Read code has five characters: zeros before it or dots behind it were lost.';
  return damaged('zeros-or-dots-lost', candidates, why, { system, display, known });
}

interface Received {
  readonly system: string;
  readonly display: string | undefined;
  readonly known: Known;
}

function damaged(
  damage: Extract<CodeJudgement, { verdict: 'damaged' }>['damage'],
  candidates: readonly string[],
  why: string,
  { system, display, known }: Received,
): CodeJudgement {
  const agreeing = candidates.filter((one) => displayAgrees(display, known.displays(system, one)));
  const [agreed, second] = agreeing;
  return {
    verdict: 'damaged',
    damage,
    candidates,
    unique: candidates.length === 1,
    why,
    ...(agreed !== undefined && second === undefined && { agreed }),
  };
}

/** Whether a display received is one of those known: but for case, spaces and the semantic tag, `(procedure)`, word for word. */
function displayAgrees(received: string | undefined, known: readonly string[]): boolean {
  const said = plain(received ?? '');
  return said !== '' && known.some((one) => plain(one) === said);
}

function plain(display: string): string {
  return display
    .replace(/\s*\([a-z/ ]+\)\s*$/i, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
