import { z } from 'zod';
import { asObject, type Tell } from './resource-flaw.ts';

/** How the meaning of several codings is chosen, as data: terminology/coding-choice.json. */
export interface CodingChoice {
  /** The code system in which meaning is expressed. */
  readonly meaning: string;
  /** Which concept map takes codes of a legacy system to it, in order of preference. */
  readonly legacy: readonly { readonly system: string; readonly map: string }[];
  /** The partners' map for codes of any other system. */
  readonly otherSystems: string;
  /** What a match of this equivalence does: its code is added, or a person is asked. */
  readonly onEquivalence: Readonly<Record<string, 'add' | 'hold'>>;
  readonly repair: {
    /** The partners' map of damaged identifiers that a person has decided. */
    readonly map: string;
    /** When a proposal is taken without asking: the display received is that of the one candidate; or never. */
    readonly when: 'display-agrees' | 'never';
  };
}

const choice = z.object({
  rules: z.literal('coding-choice'),
  meaning: z.string().min(1),
  legacy: z.array(z.object({ system: z.string().min(1), map: z.string().min(1) })),
  otherSystems: z.string().min(1),
  onEquivalence: z.record(z.string(), z.enum(['add', 'hold'])),
  repair: z.object({ map: z.string().min(1), when: z.enum(['display-agrees', 'never']) }),
});

/** Without rules nothing is added, nothing repaired, and nobody asked. */
export const NO_CODING_CHOICE: CodingChoice = {
  meaning: 'http://snomed.info/sct',
  legacy: [],
  otherSystems: '',
  onEquivalence: {},
  repair: { map: '', when: 'never' },
};

export function isCodingChoice(value: unknown): boolean {
  return asObject(value)?.['rules'] === 'coding-choice';
}

export function readCodingChoice(value: unknown, tell: Tell): CodingChoice {
  const read = choice.safeParse(value);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) {
    tell(`/${path.join('/')}`, {
      rule: 'terminology/coding-choice',
      message: `This is not a rule for choosing codings: ${message}.`,
      remedy: 'Write it as docs/terminology.md shows.',
    });
  }
  return NO_CODING_CHOICE;
}
