/**
 * A year from 1 April to 31 March, as the NHS counts them. Years do not overlap, so that no figure follows from the difference
 * of two.
 */
export interface FinancialYear {
  /** `2026-27` */
  readonly name: string;
  /** UTC instants; `until` is not in it any more. */
  readonly since: string;
  readonly until: string;
}

export function financialYearOf(instant: string): FinancialYear {
  const at = new Date(instant);
  return yearFrom(at.getUTCMonth() >= 3 ? at.getUTCFullYear() : at.getUTCFullYear() - 1);
}

/** The year of this name; undefined for what is none. */
export function financialYearNamed(name: string): FinancialYear | undefined {
  const [, start] = /^(\d{4})-\d\d$/.exec(name) ?? [];
  const year = start === undefined ? undefined : yearFrom(Number(start));
  return year?.name === name ? year : undefined;
}

/** From the year of one instant to that of another, the latest first; no more than so many. */
export function financialYears(from: string, to: string, most = 20): FinancialYear[] {
  const [first, last] = [financialYearOf(from), financialYearOf(to)].map(({ since }) => Number(since.slice(0, 4)));
  if (first === undefined || last === undefined) return [];
  const count = Math.min(most, Math.max(1, last - first + 1));
  return Array.from({ length: count }, (_, back) => yearFrom(last - back));
}

function yearFrom(start: number): FinancialYear {
  const four = (year: number) => String(year).padStart(4, '0');
  return {
    name: `${four(start)}-${four(start + 1).slice(2)}`,
    since: `${four(start)}-04-01T00:00:00.000Z`,
    until: `${four(start + 1)}-04-01T00:00:00.000Z`,
  };
}
