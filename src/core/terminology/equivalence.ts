/** How two codes relate (ConceptMapEquivalence of R4), said of the target: `wider` means that the target is wider. */
const INVERSE: Readonly<Record<string, string>> = {
  equal: 'equal',
  equivalent: 'equivalent',
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
  inexact: 'inexact',
  relatedto: 'relatedto',
};

/** Whether the meaning is kept whole. Everything else is reported as narrowed: the target says less, more, or another thing. */
export function keepsMeaning(equivalence: string): boolean {
  return equivalence === 'equal' || equivalence === 'equivalent';
}

/** How the source relates to the target. */
export function inverseOf(equivalence: string): string {
  return INVERSE[equivalence] ?? 'relatedto';
}
