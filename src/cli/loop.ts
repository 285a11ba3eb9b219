import { Command } from 'commander';
import type { Certificate } from '../core/loop/shown/certificate.ts';
import type { LoopDescription } from '../core/loop/shown/describe-loop.ts';
import { renderCertificate } from '../core/loop/shown/render-certificate.ts';
import { renderLoop } from '../core/loop/shown/render-loop.ts';
import { certifyLoop, describeLoopNow } from '../flow/desk/loop-now.ts';
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
      const shown = await withRecord(options.config, async (store, { names, note }) => {
        const now = new Date().toISOString();
        const found = await (options.certificate ? certifyLoop(id, store) : describeLoopNow(id, store, { now, names }));
        if (found === undefined) throw new Error(`There is no loop ${id}.`);
        const kind = options.certificate ? 'certificate.read' : 'loop.read';
        await note({ kind, command: 'loop', referral: id });
        return found;
      });
      console.log(options.json ? JSON.stringify(shown) : render(shown));
    });
}

function render(shown: Certificate | LoopDescription): string {
  return 'timeline' in shown ? renderLoop(shown) : renderCertificate(shown);
}

interface LoopOptions {
  readonly config: string;
  readonly certificate?: boolean;
  readonly json?: boolean;
}
