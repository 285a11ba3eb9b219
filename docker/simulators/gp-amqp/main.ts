/** A GP practice that speaks through a broker, as a plain process. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readPatients } from '../gp-record/read-patients.ts';
import { stopSignal } from '../stop-signal.ts';
import { startAmqpPractice } from './practice.ts';

interface Options {
  readonly port: string;
  readonly host: string;
  readonly brokerFile: string;
  readonly sendsTo: string;
  readonly takesFrom: string;
  readonly acknowledges?: boolean;
  readonly patientsFile?: string;
}

await new Command('gp-amqp')
  .description('A simulated GP system: sends FHIR to an exchange, and files what comes to its queue.')
  .option('--port <n>', 'port to look at its record, 0 for any free one', '0')
  .option('--host <address>', 'where that listens', '127.0.0.1')
  .requiredOption('--broker-file <file>', 'file with amqp(s)://user:password@host:port/vhost')
  .requiredOption('--sends-to <exchange>', 'exchange that it sends to')
  .requiredOption('--takes-from <queue>', 'queue of what is written back to it')
  .option('--acknowledges', 'say of each write-back that it was filed, or was not')
  .option('--patients-file <file>', 'who is registered, as JSON')
  .addHelpText(
    'after',
    `
GET  /record               everybody registered
GET  /record/{NHS number}  one record: a page, text/plain or JSON, as Accept says
POST /control/send         a Bundle or a Task, which it sends and answers with what came back
POST /control/switch       {"structured":false}`,
  )
  .action(async ({ port, host, brokerFile, sendsTo, takesFrom, acknowledges = false, patientsFile }: Options) => {
    const practice = await startAmqpPractice({
      port: Number(port),
      host,
      broker: readFileSync(brokerFile, 'utf8').trim(),
      ...{ sendsTo, takesFrom, acknowledges },
      ...(patientsFile !== undefined && { patients: readPatients(JSON.parse(readFileSync(patientsFile, 'utf8'))) }),
    });
    console.log(JSON.stringify({ ready: true, url: practice.url, sendsTo, takesFrom }));
    await stopSignal();
    await practice.stop();
  })
  .parseAsync();
