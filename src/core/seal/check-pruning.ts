import type { LogEntry } from './entry-bytes.ts';
import type { LogFault } from './log-fault.ts';

/**
 * The kind of the entry that says what was pruned. Its detail: `what` (`entries` or `bodies`), `rows`, `total` (with all prunings
 * before), `before` (of what is older than this), and of entries `through`, the number of the last that is gone.
 */
export const LOG_PRUNED = 'log.pruned';

interface Claimed {
  readonly prunedThrough?: number;
  readonly prunedBodies?: { readonly count: number; readonly before: string };
}

/** Whether what is missing was pruned: what the record or the file claims must be borne out by entries of the log. */
export interface PruningCheck {
  entry(entry: LogEntry): void;
  bodyMissing(index: number, entry: LogEntry): LogFault | undefined;
  /** How many bodies were missing. */
  missing(): number;
  /** @param entries how many were missing */
  end(entries: number): LogFault | undefined;
}

export function checkPruning({ prunedThrough = 0, prunedBodies }: Claimed): PruningCheck {
  let [through, bodies, missing] = [0, 0, 0];
  let before = '';
  let first: { readonly index: number; readonly seq: number } | undefined;
  return {
    entry({ kind, actor, detail }) {
      if (kind !== LOG_PRUNED || actor !== 'hearback') return;
      if (detail['what'] === 'entries') through = Math.max(through, Number(detail['through'] ?? 0));
      if (detail['what'] !== 'bodies') return;
      bodies = Math.max(bodies, Number(detail['total'] ?? 0));
      const instant = String(detail['before'] ?? '');
      if (instant > before) before = instant;
    },
    bodyMissing(index, { seq, at, message = '' }) {
      missing += 1;
      first ??= { index, seq };
      if (prunedBodies !== undefined && at < prunedBodies.before && missing <= prunedBodies.count) return undefined;
      const what = `The bytes of message ${message} are not there, and no pruning has taken them.`;
      return { kind: 'body-missing', index, seq, message, what };
    },
    missing: () => missing,
    end(entries) {
      if (entries > 0 && through < prunedThrough) {
        const what = 'Entries are said to be pruned, and no entry of the log says so.';
        return { kind: 'entry-missing', index: 0, lastIndex: entries - 1, what };
      }
      if (first !== undefined && (missing > bodies || (prunedBodies?.before ?? '') > before)) {
        const what = `The bytes of ${missing} messages are not there, and prunings have taken ${bodies}.`;
        return { kind: 'bodies-missing', ...first, what };
      }
      return undefined;
    },
  };
}
