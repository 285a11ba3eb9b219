/** How far an operator reaches from a concept: along the Is a relationships, one step (`!`) or all the way. */
export type Reach = 'self' | '<' | '<<' | '<!' | '<<!' | '>' | '>>' | '>!' | '>>!';

/** An Expression Constraint Language expression (SNOMED International, ECL 2), without refinements and filters. */
export type Ecl =
  | { readonly kind: 'concept'; readonly code: string; readonly at: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'reach'; readonly reach: Exclude<Reach, 'self'>; readonly of: Ecl }
  /** The active members of reference sets. */
  | { readonly kind: 'members'; readonly of: Ecl }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Ecl[] }
  | { readonly kind: 'minus'; readonly of: Ecl; readonly without: Ecl };

/** What is wrong with an expression, and at which character of it (counted from 0). */
export class EclError extends Error {
  readonly at: number;
  readonly rule: 'ecl/syntax' | 'ecl/not-supported' | 'ecl/unknown-concept' | 'ecl/unknown-refset' | 'ecl/too-costly';
  readonly remedy: string;

  constructor(rule: EclError['rule'], at: number, message: string, remedy: string) {
    super(message);
    this.rule = rule;
    this.at = at;
    this.remedy = remedy;
  }
}
