/**
 * A reading: one look at what a GP record holds of what was written to it, compared element by element. Words, ids and
 * codes only: no value out of a record stands here.
 */

/** What is looked at in an entry of the GP's record. */
export type ElementName =
  /** That it is there, once, and counts. */
  | 'entry'
  /** Whose record it stands in. */
  | 'patient'
  | 'code'
  | 'value'
  | 'unit'
  | 'date'
  | 'author'
  /** The words that people read. */
  | 'text'
  /** That the patient is kept from seeing it by themselves. */
  | 'view';

/** Degraded: not as it was sent, and the meaning can still be had. Lost: it cannot. */
export type Kept = 'kept' | 'degraded' | 'lost';

export interface ElementReading {
  readonly element: ElementName;
  readonly is: Kept;
  /** Why it is not kept, in words of ours. */
  readonly why?: string;
}

export interface Code {
  readonly system: string;
  readonly code: string;
}

/** How one entry stands in the record. */
export interface EntryReading {
  /** Its identifier in our system of entry identifiers; of a Task the referral's id. */
  readonly entry: string;
  readonly type: 'Observation' | 'QuestionnaireResponse' | 'DocumentReference' | 'Task' | 'Patient';
  readonly is: Kept | 'not-found';
  readonly elements: readonly ElementReading[];
  /** Codes that were sent with it and do not stand there. */
  readonly lostCodes: readonly Code[];
  /** Codes that were sent with it and stand there. */
  readonly keptCodes: readonly Code[];
}

/** One look at the record after one write-back. Only ever added. */
export interface Reading {
  readonly id: string;
  readonly leg: string;
  readonly referral: string;
  readonly partner: string;
  readonly at: string;
  /** The answers as they came, kept as messages. */
  readonly messages: readonly string[];
  readonly entries: readonly EntryReading[];
  readonly is: Kept | 'not-found';
}

const ORDER = ['kept', 'degraded', 'lost', 'not-found'] as const;

/** The worst of these; `kept` of none. */
export function worst(all: readonly (Kept | 'not-found')[]): Kept | 'not-found' {
  return ORDER.findLast((one) => all.includes(one)) ?? 'kept';
}

/** How a partner's record is read after something was written to it. */
export interface ReadBackPolicy {
  /** At least so long between two looks at this partner's record. */
  readonly everyMs: number;
  /** How long what was written may take to be seen. */
  readonly patienceMs: number;
  readonly onLostCode: LostCodePolicy;
  /** What becomes of a code that the record is known not to keep: sent all the same, or left out. */
  readonly knownLost: 'send' | 'text';
  /** What to send in place of a code once it is known to be lost there. */
  readonly instead: readonly { readonly lost: Code; readonly use: Code }[];
}

/** What a lost code comes to, where all else can be read: `hold` asks a person, `accept` lets the loop close, labelled. */
export type LostCodePolicy = 'hold' | 'accept';

/** What a loop must not lose; who entered it is a label, because some record systems never keep it. */
const NEEDED: ReadonlySet<ElementName> = new Set(['entry', 'patient', 'value', 'unit', 'date', 'text', 'view']);

/** Whether what stands in the record may close the loop, or a person must look. */
export function mayClose(entries: readonly EntryReading[], onLostCode: LostCodePolicy): boolean {
  return entries.every(
    ({ is, elements }) =>
      is !== 'not-found' &&
      elements.every(
        (one) => one.is !== 'lost' || (one.element === 'code' ? onLostCode === 'accept' : !NEEDED.has(one.element)),
      ),
  );
}

/** Everything that is not as it was sent: `Observation 0198…: code lost (…)`. */
export function notKept(entries: readonly EntryReading[]): string[] {
  return entries.flatMap(({ entry, type, is, elements }) => {
    if (is === 'not-found') return [`${type} ${entry}: not found`];
    return elements
      .filter((one) => one.is !== 'kept')
      .map(({ element, is: how, why }) => `${type} ${entry}: ${element} ${how}${why === undefined ? '' : ` (${why})`}`);
  });
}
