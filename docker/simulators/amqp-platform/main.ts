/** A VCSE platform that speaks through a broker, as a plain process. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { casework } from '../platform/casework.ts';
import { springboard } from '../platform/springboard.ts';
import { stopSignal } from '../stop-signal.ts';
import { startAmqpPlatform } from './amqp-platform.ts';
import { wholeMessages } from './amqp-shape.ts';
import { piecemeal } from './piecemeal.ts';

const SHAPES = {
  piecemeal,
  casework: wholeMessages(casework),
  springboard: wholeMessages(springboard),
} as const;

interface Options {
  readonly shape: keyof typeof SHAPES;
  readonly port: string;
  readonly host: string;
  readonly brokerFile: string;
  readonly takesFrom: string;
  readonly reportsTo: string;
}

await new Command('amqp-platform')
  .description(
    'A simulated VCSE platform: takes referrals from a queue and reports to an exchange what became of them.',
  )
  .addOption(new Option('--shape <name>', 'whose words it speaks').choices(Object.keys(SHAPES)).default('piecemeal'))
  .option('--port <n>', 'port to look at its cases, 0 for any free one', '0')
  .option('--host <address>', 'where that listens', '127.0.0.1')
  .requiredOption('--broker-file <file>', 'file with amqp(s)://user:password@host:port/vhost')
  .requiredOption('--takes-from <queue>', 'queue of what it is sent')
  .requiredOption('--reports-to <exchange>', 'exchange that it reports to')
  .addHelpText(
    'after',
    `
GET  /cases            its cases
POST /control/temper   {"forgetful":true,"chatty":true}, any of them
POST /control/report   {"case":"PM-1001","status":"under-way","note":"First meeting held."}`,
  )
  .action(async ({ shape, port, host, brokerFile, takesFrom, reportsTo }: Options) => {
    const platform = await startAmqpPlatform({
      port: Number(port),
      host,
      broker: readFileSync(brokerFile, 'utf8').trim(),
      takesFrom,
      reportsTo,
      shape: SHAPES[shape],
      playbooks: new Map(),
      usual: SHAPES[shape].usual,
      confirmsCancel: true,
    });
    console.log(JSON.stringify({ ready: true, url: platform.url, takesFrom, reportsTo }));
    await stopSignal();
    await platform.stop();
  })
  .parseAsync();
