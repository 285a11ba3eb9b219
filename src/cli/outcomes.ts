import { Command, InvalidArgumentError } from 'commander';
import { diskIo } from '../config/disk.ts';
import { loadInstrumentFiles } from '../config/library.ts';
import { buildInstruments } from '../core/outcomes/instrument-set.ts';
import { type PairWindow, USUAL_WINDOW } from '../core/outcomes/pairs.ts';
import { peopleOutcomes } from '../core/outcomes/people-outcomes.ts';
import { type ScoreSummary, summarisePairs } from '../core/outcomes/summarise-pairs.ts';
import { referralOutcomes } from '../flow/desk/outcome-facts.ts';
import { withRecord } from './open-setup.ts';
import { findingLine } from './print-findings.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
  readonly days: Pick<PairWindow, 'from' | 'to'>;
  readonly beforeReferral: number;
  readonly suppressUnder: number;
  readonly partner?: string;
}

/** `hearback outcomes`: what became of people, in pairs. Nobody is named. */
export function outcomesCommand(): Command {
  return new Command('outcomes')
    .description(
      'Baselines and follow-ups in pairs, by instrument and score: who changed, who is missing and why. Nobody is named.',
    )
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--days <from-to>', 'a follow-up is so many days after the baseline', readDays, {
      from: USUAL_WINDOW.from,
      to: USUAL_WINDOW.to,
    })
    .option(
      '--before-referral <days>',
      'a baseline is no older than this at the referral',
      readCount,
      USUAL_WINDOW.beforeReferral,
    )
    .option(
      '--suppress-under <n>',
      'do not print counts and means of fewer than n persons (5 is usual before publishing)',
      readCount,
      0,
    )
    .option('--partner <id>', 'only referrals of this GP system or platform')
    .option('--json', 'one JSON object a score')
    .action(async (options: Options) => {
      const window = { ...options.days, beforeReferral: options.beforeReferral };
      const summaries = await withRecord(options.config, async (store, { config: { engine }, note }) => {
        const { instruments, findings } = buildInstruments(loadInstrumentFiles(engine.terminology, diskIo({})));
        for (const one of findings) console.error(findingLine(one));
        const referrals = await referralOutcomes(store, options.partner);
        const about = options.partner === undefined ? {} : { partner: options.partner };
        await note({ kind: 'outcomes.read', command: 'outcomes', detail: { found: referrals.length, ...about } });
        const people = peopleOutcomes(referrals, instruments);
        return summarisePairs(people, { window, suppressUnder: options.suppressUnder });
      });
      for (const one of summaries) console.log(options.json ? JSON.stringify(one) : lines(one).join('\n'));
      if (!options.json && summaries.length === 0) console.log('Nothing was measured.');
    });
}

function lines(one: ScoreSummary): string[] {
  const shown = (count: number | null) => count ?? 'too few to print';
  const { window, meaningful } = one;
  const missing = Object.entries(one.missing).map(([why, count]) => `${why} ${shown(count)}`);
  return [
    `${one.title} (${one.instrument} ${one.version}${one.variant === undefined ? '' : `, ${one.variant}`}; ${one.kind}; ${one.direction})`,
    `    of ${shown(one.base)} persons: ${shown(one.paired)} pairs, ${shown(one.onlyBefore)} only before, ${shown(one.onlyAfter)} only after, ${shown(one.neither)} neither`,
    ...(missing.length === 0 ? [] : [`    missing: ${missing.join(', ')}`]),
    `    means of the pairs: ${one.before ?? '-'} before, ${one.after ?? '-'} after, change ${one.change ?? '-'}; those without a follow-up began at ${one.beforeOfUnpaired ?? '-'}`,
    `    better ${shown(one.better)}, worse ${shown(one.worse)}, same ${shown(one.same)}${meaningful === undefined ? '' : `; meaningfully better ${shown(one.meaningfullyBetter)}, deteriorated ${shown(one.deteriorated)} (from ${meaningful.change}: ${meaningful.source})`}`,
    `    follow-up ${window.from} to ${window.to} days after a baseline no more than ${window.beforeReferral} days before the referral. ${one.method}`,
  ];
}

function readDays(text: string): Pick<PairWindow, 'from' | 'to'> {
  const [, from, to] = /^(\d{1,4})-(\d{1,4})$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to))
    throw new InvalidArgumentError('Give two numbers of days: 14-400.');
  return { from: Number(from), to: Number(to) };
}

function readCount(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
