/** A VCSE platform as a plain process. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { stopSignal } from '../stop-signal.ts';
import { casework } from './casework.ts';
import { startPlatform } from './platform.ts';
import { springboard } from './springboard.ts';

const DIALECTS = { casework, springboard } as const;

interface Options {
  readonly shape: keyof typeof DIALECTS;
  readonly port: string;
  readonly host: string;
  readonly secretFile: string;
  readonly reportTo: string;
}

await new Command('platform')
  .description('A simulated VCSE platform: takes signed referrals at POST /referrals and reports what became of them.')
  .addOption(new Option('--shape <name>', 'whose words it speaks').choices(Object.keys(DIALECTS)).makeOptionMandatory())
  .option('--port <n>', 'port, 0 for any free one', '0')
  .option('--host <address>', 'where it listens', '127.0.0.1')
  .requiredOption('--secret-file <file>', 'the shared webhook secret: whsec_ and base64')
  .requiredOption('--report-to <url>', "Hearback's webhook address for this platform")
  .addHelpText(
    'after',
    `
GET  /cases            its cases
POST /control/temper   {"slowMs":500,"down":true,"forgetful":true,"chatty":true}, any of them
POST /control/report   {"case":"CW-1001","status":"active","note":"First meeting held."}`,
  )
  .action(async ({ shape, port, host, secretFile, reportTo }: Options) => {
    const dialect = DIALECTS[shape];
    const platform = await startPlatform({
      port: Number(port),
      host,
      dialect,
      secret: readFileSync(secretFile, 'utf8').trim(),
      reportTo: () => reportTo,
      playbooks: new Map(),
      usual: dialect.usual,
      confirmsCancel: true,
    });
    console.log(JSON.stringify({ ready: true, url: platform.url, referrals: `${platform.url}/referrals` }));
    await stopSignal();
    await platform.stop();
  })
  .parseAsync();
