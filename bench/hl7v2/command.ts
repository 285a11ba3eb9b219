import { assertAgreement } from '../agreement.ts';
import { type Contender, interleave } from '../interleave.ts';
import type { BenchOutput } from '../output.ts';
import type { Standing } from '../summarise.ts';
import { machineLine, processSurroundings } from '../surroundings.ts';
import { tableLines } from '../table.ts';
import { messagesOf } from './messages.ts';
import { benchMllp } from './mllp.ts';
import { READERS } from './readers.ts';
import { toBundle } from './to-bundle.ts';

/** Messages per second by reader, medians. */
type Figures = Readonly<Record<string, number>>;

/** What is aimed at: so many times the speed of the fastest other reader. */
const AIM = 1.5;

const NOTES = [
  'Text in, Bundle out, by the same hand-written mapping over three readers; the results are the same, which is checked',
  'before anything is timed. Ratios are taken round by round, and their median is shown.',
];

/** Reading HL7 v2: ours beside simple-hl7 and node-hl7-client. */
export async function benchHl7v2(output: BenchOutput): Promise<Readonly<Record<string, unknown>>> {
  output.say(machineLine());
  for (const note of NOTES) output.say(note);
  return {
    ref: await compete('REF^I12, 15 segments', messagesOf('ref'), output),
    oru: await compete('ORU^R01, 21 segments', messagesOf('oru'), output),
    mllp: await benchMllp(output),
  };
}

async function compete(title: string, messages: readonly string[], { say, pace }: BenchOutput): Promise<Figures> {
  const contenders = READERS.map(
    (reader): Contender<string> => ({
      name: reader.name,
      run: (text) => toBundle(reader, text),
    }),
  );
  // Each contender gets texts of its own: engines keep what they have found out about a text.
  const inputs = (): readonly string[] => messages.map((text) => Buffer.from(text).toString());
  await assertAgreement(contenders, inputs);
  const standings = await interleave(contenders, inputs, pace, processSurroundings());
  for (const line of ['', ...tableLines(title, standings, []), aimLine(standings)]) say(line);
  return Object.fromEntries(standings.map(({ name, median }) => [name, Math.round(median)]));
}

function aimLine([own, ...others]: readonly Standing[]): string {
  const fastest = Math.max(...others.map(({ ratio }) => ratio));
  const reached = (own?.ratio ?? Number.NaN) / fastest;
  const verdict = reached >= AIM ? 'reached' : 'missed';
  return `aim ${verdict}: hearback at ${reached.toFixed(1)} x the fastest other reader (at least ${AIM} x)`;
}
