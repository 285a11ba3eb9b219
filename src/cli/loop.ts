import { Command } from 'commander';
import { renderCertificate } from '../core/loop/render-certificate.ts';
import { renderLoop } from '../core/loop/render-loop.ts';
import { certifyLoop, describeLoopNow } from '../flow/loop-now.ts';
import { withRecord } from './open-setup.ts';

/** `hearback loop ID`: one referral's ledger. */
export function loopCommand(): Command {
  return new Command('loop')
    .description('Show one loop: what was promised, sent, acknowledged and by whom, what is late and who owes it.')
    .argument('<id>', 'the referral id (as `hearback loops` prints it)')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option(
      '--certificate',
      'print what can be proven: promised, sent, acknowledged and read back, with SHA-256 digests',
    )
    .option('--json', 'print it as JSON')
    .action(async (id: string, options: LoopOptions) => {
      if (options.certificate) {
        const certificate = await withRecord(options.config, (store) => certifyLoop(id, store));
        if (certificate === undefined) throw new Error(`There is no loop ${id}.`);
        console.log(options.json ? JSON.stringify(certificate) : renderCertificate(certificate));
        return;
      }
      const now = new Date().toISOString();
      const described = await withRecord(options.config, (store, names) => describeLoopNow(id, store, { now, names }));
      if (described === undefined) throw new Error(`There is no loop ${id}.`);
      console.log(options.json ? JSON.stringify(described) : renderLoop(described));
    });
}

interface LoopOptions {
  readonly config: string;
  readonly certificate?: boolean;
  readonly json?: boolean;
}
