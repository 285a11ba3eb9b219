import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';
import { givenInAddress } from '../../src/core/terminology/service/given.ts';
import type { TerminologyOperation } from '../../src/core/terminology/service/operation.ts';
import { TerminologyService } from '../../src/core/terminology/service/terminology-service.ts';
import { openRelease } from '../../src/store/terminology/open-release.ts';
import { QUICK } from '../interleave.ts';
import type { BenchOutput } from '../output.ts';
import { machineLine } from '../surroundings.ts';
import { expansionOfTenThousand } from './ten-thousand.ts';

/** Concepts; three times as many descriptions, and as many relationships. */
const SIZE = { quick: 30_000, thorough: 500_000 };
const SNOMED = 'http://snomed.info/sct';
const SECONDS = { quick: 2, thorough: 5 };
const ROUNDS = 5;

const IMPORTED = z.object({
  file: z.string(),
  concepts: z.number(),
  descriptions: z.number(),
  relationships: z.number(),
  seconds: z.number(),
  rssMb: z.number(),
  cpuSeconds: z.number(),
});

/** Import, $lookup, $subsumes and $expand of a generated release. In process: what HTTP adds is not in the figures. */
export async function benchTerminology({ say, pace }: BenchOutput) {
  const place = mkdtempSync(join(tmpdir(), 'hearback-bench-'));
  try {
    const [concepts, seconds] = pace === QUICK ? [SIZE.quick, SECONDS.quick] : [SIZE.thorough, SECONDS.thorough];
    say(machineLine());
    say(`A generated release of ${concepts} concepts, ${3 * concepts} descriptions and ${3 * concepts} relationships.`);
    await child('generate', join(place, 'rf2'), String(concepts));
    const imported = IMPORTED.parse(JSON.parse(await child('import', join(place, 'rf2'), join(place, 'editions'))));
    const rows = imported.concepts + imported.descriptions + imported.relationships;
    const rate = Math.round(rows / imported.seconds);
    say(
      `import: ${imported.seconds.toFixed(1)} s, ${rate} rows/s, ${imported.rssMb} MB at most; ${imported.cpuSeconds.toFixed(1)} s of CPU`,
    );
    const asked = askAll(imported.file, seconds);
    say(`$lookup: ${asked.lookup.perSecond}/s, ${asked.lookup.perCpuSecond} a CPU second (aim: 5000)`);
    say(`$subsumes: ${asked.subsumes.perSecond}/s, ${asked.subsumes.perCpuSecond} a CPU second (aim: 5000)`);
    say(`$expand of ${asked.members} members by an expression: ${asked.expandMs} ms (aim: 1000)`);
    const { lookup, subsumes, expandMs } = asked;
    const figures = { concepts: imported.concepts, seconds: round(imported.seconds), rssMb: imported.rssMb };
    return { import: figures, lookup: lookup.perSecond, subsumes: subsumes.perSecond, expandMs };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function askAll(file: string, seconds: number) {
  const release = openRelease(file);
  try {
    const { terminology: listed } = buildTerminology([]);
    const service = new TerminologyService({ listed, resources: [], release });
    const at = new Date().toISOString();
    const perform = (operation: TerminologyOperation, given: Readonly<Record<string, string>>) => {
      const answer = service.perform(operation, givenInAddress(Object.entries(given)), at);
      if (answer.kind === 'refused') throw new Error(JSON.stringify(answer.findings));
      return answer.resource;
    };
    const code = (step: number) => release.codeOf((step * 7_919) % release.size);
    const lookup = paceOf(seconds, (step) => perform('CodeSystem/$lookup', { system: SNOMED, code: code(step) }));
    const subsumes = paceOf(seconds, (step) =>
      perform('CodeSystem/$subsumes', { system: SNOMED, codeA: code(step), codeB: code(3 * step + 1) }),
    );
    const expression = expansionOfTenThousand(release);
    const times = Array.from({ length: ROUNDS }, (_none, round) => {
      const url = `${SNOMED}?fhir_vs=ecl/${expression.ecl}${' '.repeat(round)}`;
      const started = performance.now();
      perform('ValueSet/$expand', { url });
      return performance.now() - started;
    });
    const expandMs = round(times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0);
    return { lookup, subsumes, expandMs, members: expression.members };
  } finally {
    release.close();
  }
}

interface Pace {
  readonly perSecond: number;
  /** What a machine without other work would come to. */
  readonly perCpuSecond: number;
}

/** Calls until the time is up, after a warm-up as long: compiled code is what is measured. */
function paceOf(seconds: number, call: (step: number) => void): Pace {
  let step = 0;
  const run = (until: number): number => {
    const before = step;
    while (performance.now() < until) {
      call(step);
      step += 1;
    }
    return step - before;
  };
  run(performance.now() + seconds * 1000);
  const started = performance.now();
  const before = process.cpuUsage();
  const calls = run(started + seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const perSecond = Math.round(calls / ((performance.now() - started) / 1000));
  return { perSecond, perCpuSecond: Math.round(calls / ((user + system) / 1e6)) };
}

async function child(...args: string[]): Promise<string> {
  const script = join(import.meta.dirname, 'child.ts');
  const running = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [out, [code]] = await Promise.all([text(running.stdout), once(running, 'exit')]);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
  return out;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
