import type { Finding } from '../../core/finding.ts';

/** Findings are kept up to this many: a file of another kind has one on every line. */
const KEPT = 100;

export interface Flaw {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly rule: `release/${string}`;
  readonly message: string;
  readonly remedy: string;
}

/** What is wrong with a release; the first hundred, and how many more. */
export class FlawList {
  readonly #findings: Finding[] = [];
  #count = 0;

  tell({ file, line, rule, message, remedy }: Flaw): void {
    this.#count += 1;
    if (this.#findings.length >= KEPT) return;
    const place = { file, ...(line !== undefined && { line }) };
    this.#findings.push({ severity: 'error', rule, place, message, remedy, issue: 'structure' });
  }

  get count(): number {
    return this.#count;
  }

  findings(): readonly Finding[] {
    if (this.#count <= KEPT) return this.#findings;
    const more: Finding = {
      severity: 'error',
      rule: 'release/more',
      place: {},
      message: `There are ${this.#count - KEPT} more.`,
      remedy: 'Mend these first.',
    };
    return [...this.#findings, more];
  }
}
