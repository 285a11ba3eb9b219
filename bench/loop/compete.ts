import { type Pace, takeTurns } from '../interleave.ts';
import type { Standing } from '../summarise.ts';
import { tableLines } from '../table.ts';
import type { Carrier } from './contenders.ts';
import type { LoopBench } from './loop-bench.ts';

const PACES: Readonly<Record<'quick' | 'thorough', Pace>> = {
  quick: { rounds: 2, turnMs: 800, warmUpMs: 600 },
  thorough: { rounds: 5, turnMs: 4_000, warmUpMs: 5_000 },
};

/** Lets them take turns, and tells of them. Gives loops per second by name, medians. */
export async function compete(
  title: string,
  { say, isQuick }: LoopBench,
  carriers: readonly Carrier[],
): Promise<ReadonlyMap<string, Standing>> {
  const standings = await takeTurns(carriers, isQuick ? PACES.quick : PACES.thorough);
  for (const line of ['', ...tableLines(title, standings), ...carriers.map(costLine)]) say(line);
  return new Map(standings.map((standing) => [standing.name, standing]));
}

function costLine(one: Carrier): string {
  const megabytes = Math.round(one.resident() / 1_000_000);
  return `${one.name}: ${one.loops()} loops, ${one.cpuMsPerLoop().toFixed(1)} ms of processor time each, ${megabytes} MB resident`;
}

/** A median as a figure for programs. */
export function figureOf(standing: Standing | undefined): number | null {
  return standing === undefined ? null : Math.round(standing.median * 10) / 10;
}

export function aimLine(what: string, reached: number, aim: number): string {
  return `aim ${reached >= aim ? 'reached' : 'missed'}: ${what} at ${reached.toFixed(2)} (at least ${aim})`;
}
