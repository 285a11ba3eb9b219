import type { Code, EntryReading } from './reading.ts';

/**
 * A code that a partner's record did not keep: its dictionary does not know it. Remembered for that partner, so that the
 * next write is flagged before it is sent.
 */
export interface LostCode extends Code {
  readonly partner: string;
  readonly firstSeen: string;
  /** The leg by which it was first found lost. */
  readonly firstLeg: string;
  readonly lastSeen: string;
  readonly lastLeg: string;
  /** How many entries lost it. */
  readonly times: number;
  /** Since when the record keeps it after all; absent while it is lost. */
  readonly keptSince?: string;
}

interface Seen {
  readonly partner: string;
  readonly leg: string;
  readonly at: string;
  readonly entries: readonly EntryReading[];
}

/** What is to be remembered after one more look at a partner's record: the rows that are new or changed. */
export function remember(known: readonly LostCode[], { partner, leg, at, entries }: Seen): LostCode[] {
  const changed = new Map<string, LostCode>();
  const rowOf = (code: Code) =>
    changed.get(keyOf(code)) ?? known.find((one) => one.partner === partner && keyOf(one) === keyOf(code));
  for (const code of entries.flatMap(({ lostCodes }) => lostCodes).filter(isCode)) {
    const { keptSince: _, ...before } = rowOf(code) ?? fresh(code, { partner, leg, at });
    changed.set(keyOf(code), { ...before, lastSeen: at, lastLeg: leg, times: before.times + 1 });
  }
  for (const code of entries.flatMap(({ keptCodes }) => keptCodes)) {
    const row = rowOf(code);
    const isLost = row !== undefined && row.keptSince === undefined && !changed.has(keyOf(code));
    if (isLost) changed.set(keyOf(code), { ...row, keptSince: at });
  }
  return [...changed.values()];
}

/** What is longer was never in anybody's dictionary. */
function isCode({ system, code }: Code): boolean {
  return system.length + code.length <= 600;
}

function fresh({ system, code }: Code, { partner, leg, at }: Omit<Seen, 'entries'>): LostCode {
  return { partner, system, code, firstSeen: at, firstLeg: leg, lastSeen: at, lastLeg: leg, times: 0 };
}

/** Those of these codes that the partner's record is known not to keep. */
export function knownLost(codes: readonly Code[], known: readonly LostCode[]): LostCode[] {
  const wanted = new Set(codes.map(keyOf));
  return known.filter((one) => one.keptSince === undefined && wanted.has(keyOf(one)));
}

function keyOf({ system, code }: Code): string {
  return `${system}|${code}`;
}
