import { Command } from 'commander';
import type { LostCode } from '../core/loop/read-back/lost-code.ts';
import { withRecord } from './open-setup.ts';

/** `hearback codes`: what is known of the codes that partners' records keep. */
export function codesCommand(): Command {
  return new Command('codes')
    .description('What is known of the codes that the records of GP systems keep.')
    .addCommand(lostCommand());
}

interface LostOptions {
  readonly config: string;
  readonly partner?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `hearback codes lost`: the codes that were written and were not there when the record was read back. */
function lostCommand(): Command {
  return new Command('lost')
    .description('List the codes that a record did not keep: written, and not there when it was read back.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--partner <id>', 'of this partner alone')
    .option('--all', 'those too that the record keeps by now')
    .option('--json', 'one JSON object a line')
    .action(async ({ config, partner, all, json }: LostOptions) => {
      const known = await withRecord(config, (store) => store.lostCodes(partner));
      const lost = known.filter(({ keptSince }) => all || keptSince === undefined);
      for (const one of lost) console.log(json ? JSON.stringify(one) : line(one));
      if (!json && lost.length === 0) console.log('No code is known to be lost.');
    });
}

function line({ partner, system, code, times, firstSeen, lastSeen, lastLeg, keptSince }: LostCode): string {
  const kept = keptSince === undefined ? '' : `, kept since ${keptSince}`;
  return `${partner}  ${system}|${code}  lost ${times} times, first ${firstSeen}, last ${lastSeen} by leg ${lastLeg}${kept}`;
}
