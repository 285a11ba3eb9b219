import type { Request, Response } from 'express';

/**
 * How many bytes of bodies may be held at once: those that are still coming in and those that are being worked on. Without
 * it, the slowest senders decide how much memory the process needs. One for each door: at one where a body must be read
 * before its sender is known, whoever knows a partner's name can fill it, and the partners of other doors must not feel that.
 */
export interface BodyBudget {
  /** Room for more bytes of this holder; false, and nothing taken, when there is none. */
  take(holder: string, bytes: number): boolean;
  give(holder: string, bytes: number): void;
}

const TOTAL_BYTES = 32 * 1024 * 1024;

/**
 * A budget of 32 MiB, or two of the longest bodies where that is more. No holder has more than half of it, so that one
 * sender leaves room for others.
 */
export function newBodyBudget(longest: number): BodyBudget {
  const totalBytes = Math.max(TOTAL_BYTES, 2 * longest);
  const held = new Map<string, number>();
  let total = 0;
  return {
    take(holder, bytes) {
      const own = (held.get(holder) ?? 0) + bytes;
      if (total + bytes > totalBytes || own > totalBytes / 2) return false;
      total += bytes;
      held.set(holder, own);
      return true;
    },
    give(holder, bytes) {
      const left = (held.get(holder) ?? 0) - bytes;
      total -= bytes;
      // Holders that hold nothing are forgotten: their names come from outside.
      if (left > 0) held.set(holder, left);
      else held.delete(holder);
    },
  };
}

/** Whose share a body counts in, where the sender has shown who it is. */
export function authenticatedPartner(_request: Request, response: Response): string {
  return String(response.locals['partner']);
}

/** Whose share a body counts in, where only its address says who it should be from. */
export function namedPartner(request: Request): string {
  return String(request.params['partner']);
}
