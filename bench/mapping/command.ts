import { assertAgreement } from '../agreement.ts';
import { interleave } from '../interleave.ts';
import type { BenchOutput } from '../output.ts';
import type { Standing } from '../summarise.ts';
import { machineLine, processSurroundings } from '../surroundings.ts';
import { tableLines } from '../table.ts';
import { aimLines } from './aims.ts';
import { shippedTerminology } from './files.ts';
import { outcomeWorkload } from './outcome.ts';
import { referralWorkload } from './referral.ts';
import type { Workload } from './workload.ts';

/** Operations per second by contender, medians; null for one that was not measured. */
type Figures = Readonly<Record<string, number | null>>;

/** In the order of the figures. */
const EXPECTED = ['hearback', 'hearback-receipts', 'fhirpath', 'jsonata', 'handlebars', 'hand'];

const NOTES = [
  'Each line does the same work with the same result, which is checked before anything is timed. Parsed JSON in, object',
  'out; everything compiled beforehand. hearback reports errors and unmapped codes; the others report nothing.',
  'Ratios are taken round by round, and their median is shown.',
];

/** Mappings beside other ways of doing the same: fhirpath compiled, JSONata, Handlebars, TypeScript by hand. */
export async function benchMapping(output: BenchOutput): Promise<Readonly<Record<string, Figures>>> {
  const terminology = shippedTerminology();
  output.say(machineLine());
  for (const note of NOTES) output.say(note);
  return {
    referral: await compete(referralWorkload(terminology), output),
    outcome: await compete(outcomeWorkload(terminology), output),
  };
}

async function compete<Document, Given>(
  { title, jobs, contenders }: Workload<Document, Given>,
  { say, pace }: BenchOutput,
): Promise<Figures> {
  await assertAgreement(contenders, jobs);
  const standings = await interleave(contenders, jobs, pace, processSurroundings());
  for (const line of ['', ...tableLines(title, standings), ...aimLines(standings)]) say(line);
  return figuresOf(standings);
}

function figuresOf(standings: readonly Standing[]): Figures {
  const medians = new Map(standings.map(({ name, median }) => [name, Math.round(median)]));
  return Object.fromEntries(EXPECTED.map((name) => [name, medians.get(name) ?? null]));
}
