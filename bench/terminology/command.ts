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
    say(`import: ${imported.seconds.toFixed(1)} s, ${rate} rows/s, ${imported.rssMb} MB at most`);
    const asked = askAll(imported.file, seconds);
    say(`$lookup: ${asked.lookup}/s, $subsumes: ${asked.subsumes}/s (aim: 5000)`);
    say(`$expand of ${asked.members} members by an expression: ${asked.expandMs} ms (aim: 1000)`);
    const { lookup, subsumes, expandMs } = asked;
    const figures = { concepts: imported.concepts, seconds: round(imported.seconds), rssMb: imported.rssMb };
    return { import: figures, lookup, subsumes, expandMs };
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
    const lookup = perSecond(seconds, (step) => perform('CodeSystem/$lookup', { system: SNOMED, code: code(step) }));
    const subsumes = perSecond(seconds, (step) =>
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

/** Calls until the time is up, after a warm-up of a tenth of it. */
function perSecond(seconds: number, call: (step: number) => void): number {
  let step = 0;
  const run = (until: number): number => {
    const before = step;
    while (performance.now() < until) {
      call(step);
      step += 1;
    }
    return step - before;
  };
  run(performance.now() + seconds * 100);
  const started = performance.now();
  const calls = run(started + seconds * 1000);
  return Math.round(calls / ((performance.now() - started) / 1000));
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
