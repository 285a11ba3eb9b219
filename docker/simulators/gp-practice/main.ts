/** A GP practice as a plain process. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { stopSignal } from '../stop-signal.ts';
import { startPractice } from './practice.ts';

await new Command('gp-practice')
  .description('A simulated GP system: files FHIR transactions at POST /fhir into an EMIS-style record.')
  .option('--port <n>', 'loopback port, 0 for any free one', '0')
  .requiredOption('--token-file <file>', 'the bearer token that Hearback must show')
  .addHelpText(
    'after',
    `
GET  /record               everybody with something filed
GET  /record/{NHS number}  one record, as a page or as JSON
POST /control/temper       {"slowMs":500,"down":true}, any of them`,
  )
  .action(async ({ port, tokenFile }: { port: string; tokenFile: string }) => {
    const practice = await startPractice({ port: Number(port), token: readFileSync(tokenFile, 'utf8').trim() });
    console.log(JSON.stringify({ ready: true, url: practice.url, fhir: `${practice.url}/fhir` }));
    await stopSignal();
    await practice.stop();
  })
  .parseAsync();
