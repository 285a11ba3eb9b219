import type { Finding } from '../finding.ts';

/** `value` is what the mapping is given; absent when the body could not be read. */
export interface ContentReading {
  readonly value?: unknown;
  readonly findings: readonly Finding[];
}

/** How much a report may hold. */
export interface ContentLimits {
  /** Lists and objects inside each other. */
  readonly maxDepth: number;
  /** Items of one list. */
  readonly maxItems: number;
  /** Values of every kind together. */
  readonly maxNodes: number;
}
