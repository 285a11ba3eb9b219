/** What a caller would like (R4 http §3.1.0.1.7; search §3.1.1.1). */
export interface Preference {
  readonly return?: 'minimal' | 'representation' | 'OperationOutcome';
  /** Unknown search parameters are refused instead of ignored. */
  readonly strict: boolean;
}

const RETURNS = ['minimal', 'representation', 'OperationOutcome'] as const;

/** Reads the Prefer header; what is not known in it is ignored, as RFC 7240 §2 says. */
export function readPrefer(header: string | readonly string[] | undefined): Preference {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  const wishes = text.split(/[,;]/).map((wish) => wish.replaceAll(/[\s"]/g, '').toLowerCase());
  const wanted = RETURNS.find((name) => wishes.includes(`return=${name.toLowerCase()}`));
  return { strict: wishes.includes('handling=strict'), ...(wanted !== undefined && { return: wanted }) };
}
