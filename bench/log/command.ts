import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { QUICK } from '../interleave.ts';
import type { BenchOutput } from '../output.ts';
import { machineLine } from '../surroundings.ts';
import { ENTRIES_A_LOOP } from './fill-log.ts';

const LOOPS = { quick: 1_000, thorough: 25_000 };
const SEARCHES = { quick: 200, thorough: 1_000 };
/** Milliseconds at p95, on a million entries. */
const AIM = 300;

const percentiles = z.object({ p50: z.number(), p95: z.number() });
const SEARCHED = z.object({
  patient: percentiles,
  reference: percentiles,
  time: percentiles,
  partnerOfDay: percentiles,
  newest: percentiles,
});
const SEALED = z.object({ entries: z.number(), ms: z.number() });
const VERIFIED = SEALED.extend({ bodies: z.number() });
const EXPORTED = z.object({ ms: z.number(), firstMb: z.number(), lastMb: z.number(), maxMb: z.number() });
const VERIFIED_EXPORT = EXPORTED.extend({ entries: z.number() });

/** The message log on SQLite: searches, sealing, verification and export, each in a process of its own. */
export async function benchLog({ say, pace }: BenchOutput) {
  const place = mkdtempSync(join(tmpdir(), 'hearback-bench-log-'));
  const isQuick = pace === QUICK;
  const [loops, times] = isQuick ? [LOOPS.quick, SEARCHES.quick] : [LOOPS.thorough, SEARCHES.thorough];
  const [file, exported] = [join(place, 'record.db'), join(place, 'log.ndjson')];
  try {
    say(machineLine());
    say(`A record of ${loops} loops with ${loops * ENTRIES_A_LOOP} entries in the message log.`);
    await child('fill', file, String(loops));
    const sealed = SEALED.parse(await child('seal', file));
    const sealing = rate(sealed);
    say(`sealing: ${sealing} entries/s, 1,000 under a checkpoint`);
    const search = SEARCHED.parse(await child('search', file, String(loops), String(times)));
    for (const [name, { p50, p95 }] of Object.entries(search)) {
      say(`search by ${NAMES[name] ?? name}: p50 ${p50} ms, p95 ${p95} ms (aim: ${AIM})`);
    }
    const verified = VERIFIED.parse(await child('verify', file));
    const verify = rate(verified);
    say(`verification in the record: ${verify} entries/s, with the bytes of ${verified.bodies} messages`);
    const made = EXPORTED.parse(await child('export', file, exported));
    const megabytes = Math.round(statSync(exported).size / 2 ** 20);
    say(`export: ${megabytes} MB in ${seconds(made.ms)} s; memory ${made.firstMb} MB at first, ${made.lastMb} at last`);
    const offline = VERIFIED_EXPORT.parse(await child('verify-export', exported));
    say(
      `verification of the export: ${rate(offline)} entries/s; memory ${offline.firstMb} MB at first, ${offline.lastMb} at last`,
    );
    return {
      ...{ entries: sealed.entries, search, sealing, verify, verifyExport: rate(offline) },
      export: { seconds: seconds(made.ms), megabytes, firstMb: made.firstMb, lastMb: made.lastMb, maxMb: made.maxMb },
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const NAMES: Readonly<Record<string, string>> = {
  patient: 'patient',
  reference: 'reference',
  time: 'time, a day',
  partnerOfDay: 'partner and time',
  newest: 'nothing, the newest first',
};

function rate({ entries, ms }: { readonly entries: number; readonly ms: number }): number {
  return Math.round((entries * 1_000) / ms);
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

async function child(...args: string[]): Promise<unknown> {
  const running = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'child.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(running.stdout), once(running, 'exit')]);
  if (code !== 0) throw new Error(`the part ${args[0]} of the benchmark ended with ${code}`);
  return JSON.parse(printed);
}
