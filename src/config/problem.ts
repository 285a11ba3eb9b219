import type { Finding } from '../core/finding.ts';

export type Path = readonly (string | number)[];

/** Something wrong in the configuration, before it is known on which line that stands. */
export interface Problem {
  readonly severity: Finding['severity'];
  readonly path: Path;
  /** Whether to point at the key or at what stands behind it. */
  readonly at: 'key' | 'value';
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

/** What is wrong with one value, as a schema or a check says it. */
export interface Flaw {
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

export function errorAt(path: Path, flaw: Flaw, at: Problem['at'] = 'value'): Problem {
  return { severity: 'error', path, at, ...flaw };
}

export function warningAt(path: Path, flaw: Flaw, at: Problem['at'] = 'value'): Problem {
  return { severity: 'warning', path, at, ...flaw };
}

/** The path as a JSON Pointer (RFC 6901). */
export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
