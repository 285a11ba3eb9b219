/** An EMIS-style GP practice as a plain process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { readPatients } from '../gp-record/read-patients.ts';
import { MATCH_MODES, type MatchMode } from '../gp-record/registered.ts';
import { stopSignal } from '../stop-signal.ts';
import { readDictionary } from './dictionary.ts';
import { startEmisStyle } from './practice.ts';
import { ONE_IN_30_S } from './throttle.ts';

interface Options {
  readonly port: string;
  readonly host: string;
  readonly tokenFile: string;
  readonly patientsFile?: string;
  readonly dictionaryFile: string;
  readonly match: MatchMode;
  readonly throttled?: boolean;
  readonly structuredOff?: boolean;
}

const DICTIONARY = join(import.meta.dirname, 'dictionary.txt');

await new Command('gp-emis-style')
  .description('A simulated EMIS-style GP record: FHIR R4 at /fhir, its record for people at /record.')
  .addOption(new Option('--port <n>', 'port, 0 for any free one').env('SIMULATOR_PORT').default('0'))
  .addOption(new Option('--host <address>', 'where it listens').env('SIMULATOR_HOST').default('127.0.0.1'))
  .addOption(
    new Option('--token-file <file>', 'the bearer token that Hearback must show')
      .env('SIMULATOR_TOKEN_FILE')
      .makeOptionMandatory(),
  )
  .addOption(new Option('--patients-file <file>', 'who is registered, as JSON').env('SIMULATOR_PATIENTS_FILE'))
  .addOption(
    new Option('--dictionary-file <file>', 'the codes that this site resolves')
      .env('SIMULATOR_DICTIONARY_FILE')
      .default(DICTIONARY, 'the one beside this file'),
  )
  .addOption(
    new Option('--match <how>', 'how strictly a write is held against the list of patients')
      .env('SIMULATOR_MATCH')
      .choices(MATCH_MODES)
      .default('stated'),
  )
  .addOption(new Option('--throttled', 'turn away a second read within 30 s').env('SIMULATOR_THROTTLED'))
  .addOption(new Option('--structured-off', 'take documents only').env('SIMULATOR_STRUCTURED_OFF'))
  .addHelpText(
    'after',
    `
GET  /record               everybody registered
GET  /record/{NHS number}  one record: a page, text/plain or JSON, as Accept says
POST /control/patients     [{"nhsNumber":"…","family":"…","given":"…","birthDate":"…","gender":"…","movedTo":"ODS code"}]
POST /control/switch       {"structured":false}
POST /control/temper       {"slowMs":500,"down":true}, any of them`,
  )
  .action(async (options: Options) => {
    const practice = await startEmisStyle({
      port: Number(options.port),
      host: options.host,
      token: readFileSync(options.tokenFile, 'utf8').trim(),
      match: options.match,
      dictionary: readDictionary(readFileSync(options.dictionaryFile, 'utf8')),
      ...(options.patientsFile !== undefined && {
        patients: readPatients(JSON.parse(readFileSync(options.patientsFile, 'utf8'))),
      }),
      ...(options.throttled && { throttle: ONE_IN_30_S }),
    });
    if (options.structuredOff) practice.switchOff();
    console.log(JSON.stringify({ ready: true, url: practice.url, fhir: practice.address }));
    await stopSignal();
    await practice.stop();
  })
  .parseAsync();
