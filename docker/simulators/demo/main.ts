/**
 * The demonstration: engine, two practices and two platforms on loopback; forty synthetic people are referred, each meets
 * a fate, and what came of it is counted from the engine's record and from what the partners really hold.
 */
import { Command } from 'commander';
import { renderCertificate } from '../../../src/core/loop/shown/render-certificate.ts';
import { certifyLoop } from '../../../src/flow/desk/loop-now.ts';
import { changesText, recordText } from '../gp-record/record-text.ts';
import { stopSignal } from '../stop-signal.ts';
import { openDemoAccounts } from './console-accounts.ts';
import { isSound, type Tally } from './count.ts';
import { signposts } from './explore.ts';
import { type InOtherStyle, referInOtherStyle } from './other-style.ts';
import { type Person, people } from './people.ts';
import { newPlace, type Place } from './place.ts';
import { play, untilSettled } from './play.ts';
import { startProgress } from './progress.ts';
import { readLoops } from './read-loops.ts';
import type { Sent } from './send-referrals.ts';
import { loopTable, tallyJson, tallyText } from './summary.ts';
import { startWorld, type World } from './world.ts';

interface Options {
  readonly once?: boolean;
  readonly json?: boolean;
}

const SETTLE_MS = 40_000;
/** As shells have it for SIGINT. */
const INTERRUPTED = 130;

const options = new Command('demo')
  .description('Run engine and simulated partners on loopback with 40 synthetic patients.')
  .option('--once', 'end by itself with a summary')
  .option('--json', 'print the summary as one line of JSON on stdout, everything else on stderr')
  .parse()
  .opts<Options>();
const out = options.json ? process.stderr : process.stdout;
const say = (lines: readonly string[]) => out.write(`${lines.join('\n')}\n`);
const place = newPlace(options.once === true);
const stopped = stopSignal();
try {
  process.exitCode = await demonstrate(options, place);
} finally {
  if (options.once) place.remove();
}

async function demonstrate({ once, json }: Options, at: Place): Promise<number> {
  const began = performance.now();
  const everybody = people();
  say(['Starting Hearback, two practices and two platforms.']);
  const world = await startWorld(at, everybody);
  say([`HL7 v2 is listened for at ${world.engine.mllp} (MLLP, plain, as Elm Tree Practice).`]);
  try {
    const shown = everybody.find((person) => person.practice === 'riverside') ?? fail();
    const before = recordText(world.practice.record.patient(shown.nhsNumber));
    const counted = await Promise.race([refer(everybody, world), stopped]);
    if (counted === undefined) return INTERRUPTED;
    const other = await Promise.race([referInOtherStyle(shown, world), stopped]);
    if (other === undefined) return INTERRUPTED;
    const tally = { ...counted, faults: [...counted.faults, ...other.faults] };
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    say([
      '',
      ...loopTable(tally),
      '',
      ...beforeAndAfter(shown, before, world),
      '',
      ...elsewhere(other),
      '',
      ...(await certificateOfOne(shown, world)),
      '',
      ...tallyText(tally, seconds),
    ]);
    if (!isSound(tally)) say(['The end of the engine log:', world.engine.lastWords()]);
    if (json) process.stdout.write(`${tallyJson(tally, seconds)}\n`);
    if (!once) {
      say(['', ...signposts(world, shown, await openDemoAccounts(world.config))]);
      await stopped;
    }
    return isSound(tally) ? 0 : 1;
  } finally {
    await world.stop();
  }
}

async function refer(everybody: readonly Person[], world: World): Promise<Tally> {
  const sent: Sent[] = [];
  const progress = startProgress(world, out, () => sent.length);
  try {
    const played = await play(everybody, world, { progress, sent });
    return await untilSettled(world, everybody, played, SETTLE_MS);
  } finally {
    progress.stop();
  }
}

function beforeAndAfter(shown: Person, before: readonly string[], world: World): string[] {
  const after = changesText(before, recordText(world.practice.record.patient(shown.nhsNumber)));
  return [
    `The GP record of ${shown.given} ${shown.family} (synthetic) before:`,
    ...indented(before),
    'and after:',
    ...indented(after),
  ];
}

function elsewhere({ before, after }: InOtherStyle): string[] {
  return [
    'The same person, registered with Elm Tree and referred from there by HL7 v2, before:',
    ...indented(before),
    'and after somebody filed what waited in the inbox:',
    ...indented(changesText(before, after)),
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

async function certificateOfOne(shown: Person, { store }: World): Promise<string[]> {
  const loops = await readLoops(store);
  const loop = loops.find(({ nhsNumber }) => nhsNumber === shown.nhsNumber);
  const certificate = loop && (await certifyLoop(loop.referral.id, store));
  return certificate === undefined ? [] : renderCertificate(certificate).trimEnd().split('\n');
}

function fail(): never {
  throw new Error('nobody is registered at Riverside');
}
