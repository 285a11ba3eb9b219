import { stateRow } from '../../../src/core/loop/states.ts';
import type { Judged, Tally } from './count.ts';

const WIDTH = 110;

/** The loops as a table: whose, how it went, where it stands, and who owes what. */
export function loopTable(tally: Tally): string[] {
  const rows = tally.judged.map(({ person, loop, verdict }) => [
    String(person.number),
    person.fate.name,
    person.practice,
    loop.referral.platforms.join(', ') || '-',
    stateRow(loop.described.state.kind).display,
    verdict,
  ]);
  const head = ['no', 'fate', 'practice', 'platforms', 'state', 'loop'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...tally.judged.flatMap((one, place) => [line(rows[place] ?? []), ...owing(one)]),
  ];
}

/** What is still owed, late first; times to the minute are enough here. */
function owing({ loop }: Judged): string[] {
  const { owes } = loop.described;
  return [...owes]
    .sort((left, right) => Number(right.late) - Number(left.late))
    .map(({ late, words }) => `      ${late ? 'LATE: ' : ''}${words}`)
    .map((words) => (words.length > WIDTH ? `${words.slice(0, WIDTH - 1)}…` : words));
}

/** The figures for a program: one line. */
export function tallyJson(tally: Tally, seconds: number): string {
  const { loops, closed, explained, lost, doubled, writeBack, notAsSent } = tally;
  return JSON.stringify({ loops, closed, explained, lost, doubled, seconds, writeBack, notAsSent });
}

/** The figures for people, and what is wrong. */
export function tallyText(tally: Tally, seconds: number): string[] {
  const { loops, closed, explained, lost, doubled, writeBack, notAsSent, faults } = tally;
  return [
    `${loops} loops: ${closed} closed, ${explained} open and explained; ${lost} lost, ${doubled} doubled; ${seconds} s.`,
    `${writeBack.entries} entries read back from Riverside's record: ${writeBack.kept} kept, ${writeBack.degraded} degraded, ${writeBack.lost} lost.`,
    ...notAsSent.map((what) => `  not as sent: ${what}`),
    ...faults.map((fault) => `  WRONG: ${fault}`),
  ];
}
