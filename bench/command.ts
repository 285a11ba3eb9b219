import { parseArgs } from 'node:util';
import { benchHl7v2 } from './hl7v2/command.ts';
import { QUICK, THOROUGH } from './interleave.ts';
import { benchLog } from './log/command.ts';
import { benchLoop } from './loop/command.ts';
import { benchMapping } from './mapping/command.ts';
import type { BenchOutput } from './output.ts';
import { benchTerminology } from './terminology/command.ts';

/** Measures, tells people about it, and gives the figures for programs. */
type Bench = (output: BenchOutput) => Promise<unknown>;

const BENCHES: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['mapping', benchMapping],
  ['terminology', benchTerminology],
  ['hl7v2', benchHl7v2],
  ['loop', benchLoop],
  ['log', benchLog],
]);

/** Those that can say where the time goes. */
const PROFILED = new Set(['loop']);

const USAGE = `Usage: npm run bench -- NAME [--quick] [--json] [--profile]
  --quick  fewer and shorter rounds, under a minute
  --profile  where the time of the engine goes, in place of how fast it is (loop)
  --json   the figures as the only, and last, line on stdout; everything else on stderr
There is: ${[...BENCHES.keys()].join(', ')}`;

export interface Streams {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/** Runs the benchmark that the arguments name. Gives the exit code: 0 done, 2 the command is wrong. */
export async function runBench(args: readonly string[], { out, error }: Streams): Promise<number> {
  const asked = readArguments(args);
  const bench = asked && BENCHES.get(asked.name);
  if (asked === undefined || bench === undefined) {
    if (asked !== undefined && asked.name !== '') error(`There is no benchmark of this name: ${asked.name}`);
    error(USAGE);
    return 2;
  }
  const figures = await bench({
    say: asked.json ? error : out,
    pace: asked.quick ? QUICK : THOROUGH,
    isProfile: asked.profile,
  });
  if (asked.json) out(JSON.stringify(figures));
  return 0;
}

function readArguments(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, profile: { type: 'boolean' } },
    });
    if (positionals.length > 1) return undefined;
    const { json = false, quick = false, profile = false } = values;
    const name = positionals[0] ?? '';
    if (profile && !PROFILED.has(name)) return undefined;
    return { name, json, quick, profile };
  } catch {
    return undefined;
  }
}
