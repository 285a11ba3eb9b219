import { HOLD_KINDS } from '../../core/message.ts';
import type { Standing } from '../../ports-queries.ts';
import { integer, optionalText, type Row, text, withoutAbsent, word } from './row.ts';
import { WORK_KINDS } from './row-work.ts';

const STATUSES = { ready: true, 'behind-hold': true, claimed: true, held: true } as const;

/** The rows of the statements on what stands where, each list as its statement gave it. */
export function toStanding(rows: {
  readonly work: readonly Row[];
  readonly holds: readonly Row[];
  readonly late: readonly Row[];
  /** The oldest entry, if there is one. */
  readonly unsealed: readonly Row[];
}): Standing {
  const [oldest] = rows.unsealed;
  return {
    work: rows.work.map((row) =>
      withoutAbsent({
        kind: word(row, 'kind', WORK_KINDS),
        status: word(row, 'status', STATUSES),
        partner: optionalText(row, 'partner'),
        ...counted(row),
      }),
    ),
    holds: rows.holds.map((row) => ({ kind: word(row, 'kind', HOLD_KINDS), ...counted(row) })),
    late: rows.late.map((row) => ({ owedBy: text(row, 'owed_by'), ...counted(row) })),
    ...(oldest !== undefined && { unsealedSince: text(oldest, 'since') }),
  };
}

function counted(row: Row): { count: number; since: string } {
  return { count: integer(row, 'number'), since: text(row, 'since') };
}
