/** A SystmOne-style GP practice as a plain process. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { readPatients } from '../gp-record/read-patients.ts';
import { MATCH_MODES, type MatchMode } from '../gp-record/registered.ts';
import { stopSignal } from '../stop-signal.ts';
import { startSystmOneStyle } from './practice.ts';

interface Options {
  readonly port: string;
  readonly pagePort: string;
  readonly host: string;
  readonly patientsFile?: string;
  readonly match: MatchMode;
  readonly gatewayUser: string;
  readonly ackTo?: string;
  readonly application?: string;
  readonly tellsDecisions: 'asked' | 'always';
  readonly autoFile?: string;
  readonly structuredOff?: boolean;
}

await new Command('gp-systmone-style')
  .description(
    'A simulated SystmOne-style GP record: HL7 v2 over MLLP, a workflow inbox, its record for people over HTTP.',
  )
  .addOption(new Option('--port <n>', 'MLLP port, 0 for any free one').env('SIMULATOR_PORT').default('0'))
  .addOption(new Option('--page-port <n>', 'port of the pages').env('SIMULATOR_PAGE_PORT').default('0'))
  .addOption(new Option('--host <address>', 'where it listens').env('SIMULATOR_HOST').default('127.0.0.1'))
  .addOption(new Option('--patients-file <file>', 'who is registered, as JSON').env('SIMULATOR_PATIENTS_FILE'))
  .addOption(
    new Option('--match <how>', 'how strictly PID is held against the list of patients')
      .env('SIMULATOR_MATCH')
      .choices(MATCH_MODES)
      .default('stated'),
  )
  .addOption(
    new Option('--gateway-user <name>', 'whom the record shows as author')
      .env('SIMULATOR_GATEWAY_USER')
      .default('Gateway user'),
  )
  .addOption(
    new Option('--ack-to <address>', "Hearback's listener for this practice: mllp://host:port").env('SIMULATOR_ACK_TO'),
  )
  .addOption(
    new Option('--tells-decisions <when>', 'that something was filed or rejected: when MSH-16 asks, or always')
      .env('SIMULATOR_TELLS_DECISIONS')
      .choices(['asked', 'always'])
      .default('asked'),
  )
  .addOption(new Option('--application <name>', 'its own name in MSH-3').env('SIMULATOR_APPLICATION'))
  .addOption(
    new Option('--auto-file <ms>', 'file what comes after so long; without it a person must').env(
      'SIMULATOR_AUTO_FILE',
    ),
  )
  .addOption(new Option('--structured-off', 'take documents (MDM) only').env('SIMULATOR_STRUCTURED_OFF'))
  .addHelpText(
    'after',
    `
GET  /inbox                what waits, with buttons to file or reject it
POST /inbox/{item}/file    (or /reject) the same by hand; MSH-10 names an item too
GET  /record               everybody registered
GET  /record/{NHS number}  one record: a page, text/plain or JSON, as Accept says
POST /control/patients     [{"nhsNumber":"…","family":"…","given":"…","birthDate":"…","gender":"…","movedTo":"ODS code"}]
POST /control/switch       {"structured":false}
POST /control/temper       {"slowMs":500,"down":true}, any of them`,
  )
  .action(async (options: Options) => {
    const { ackTo, application, autoFile, patientsFile } = options;
    const practice = await startSystmOneStyle({
      port: Number(options.port),
      pagePort: Number(options.pagePort),
      host: options.host,
      match: options.match,
      gatewayUser: options.gatewayUser,
      tellsDecisions: options.tellsDecisions,
      ...(application !== undefined && { application }),
      ...(ackTo !== undefined && { ackTo: () => ackTo }),
      ...(autoFile !== undefined && { autoFileMs: Number(autoFile) }),
      ...(patientsFile !== undefined && { patients: readPatients(JSON.parse(readFileSync(patientsFile, 'utf8'))) }),
    });
    if (options.structuredOff) practice.switchOff();
    console.log(JSON.stringify({ ready: true, url: practice.url, mllp: practice.address }));
    await stopSignal();
    await practice.stop();
  })
  .parseAsync();
