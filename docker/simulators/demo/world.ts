import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../src/ports-record.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { freePort } from '../free-port.ts';
import { readDictionary } from '../gp-emis-style/dictionary.ts';
import { type EmisStyle, startEmisStyle } from '../gp-emis-style/practice.ts';
import { newFhirClient } from '../gp-practice/fhir-client.ts';
import { type Poller, startPoller } from '../gp-practice/poller.ts';
import { type SystmOneStyle, startSystmOneStyle } from '../gp-systmone-style/practice.ts';
import { casework } from '../platform/casework.ts';
import type { Dialect } from '../platform/dialect.ts';
import { type Platform, startPlatform } from '../platform/platform.ts';
import { springboard } from '../platform/springboard.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import type { Person } from './people.ts';
import { type Place, PROJECT } from './place.ts';
import { needOf, PRACTICES, SERVICE } from './referral-bundle.ts';
import type { Clients } from './send-referrals.ts';
import { newSecrets, type Secrets, writeConfig } from './write-config.ts';

/** The engine with real partners around it, all on loopback. */
export interface World {
  readonly engine: EngineProcess;
  readonly casework: Platform;
  readonly springboard: Platform;
  /** Riverside's record, which Hearback writes to. */
  readonly practice: EmisStyle;
  /** Elm Tree's record, which hears by HL7 v2. */
  readonly hl7: SystmOneStyle;
  /** Hillview's way of hearing: it asks. */
  readonly poller: Poller;
  /** The GP systems' way to Hearback. */
  readonly clients: Clients;
  /** The engine's record, for looking only. */
  readonly store: Store;
  readonly config: string;
  readonly secrets: Secrets;
  stop(): Promise<void>;
}

const POLL_MS = 400;
/** Nobody sits at Elm Tree's inbox. */
const AUTO_FILE_MS = 500;
const DICTIONARY = join(PROJECT, 'docker/simulators/gp-emis-style/dictionary.txt');

/** Starts everything, the engine last; when something does not start, what did is stopped. */
export async function startWorld(place: Place, people: readonly Person[]): Promise<World> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.reverse()) await end();
  };
  const stopping = <T extends { stop(): Promise<void> }>(one: T): T => {
    stops.push(() => one.stop());
    return one;
  };
  try {
    return { ...(await start(place, people, stopping)), stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

type Stopping = <T extends { stop(): Promise<void> }>(one: T) => T;

async function start(place: Place, people: readonly Person[], stopping: Stopping): Promise<Omit<World, 'stop'>> {
  const secrets = newSecrets();
  const port = await freePort();
  const platform = async (id: 'casework' | 'springboard', dialect: Dialect) => {
    const reportTo = () => `http://127.0.0.1:${port}/webhooks/${id}`;
    return stopping(await startPlatform({ port: 0, dialect, secret: secrets[id], reportTo, ...arranged(id, people) }));
  };
  const lantern = await platform('casework', casework);
  const form = await platform('springboard', springboard);
  const dictionary = readDictionary(readFileSync(DICTIONARY, 'utf8'));
  const practice = stopping(await startEmisStyle({ port: 0, token: secrets.record, dictionary }));
  registerPatients(practice, people);
  // Where to say what was filed is known once the engine listens.
  const listens: { mllp?: string } = {};
  const hl7 = stopping(
    await startSystmOneStyle({
      port: 0,
      match: 'off',
      autoFileMs: AUTO_FILE_MS,
      tellsDecisions: 'always',
      ackTo: () => listens.mllp,
    }),
  );
  const addresses = {
    port,
    record: practice.url,
    casework: lantern.url,
    springboard: form.url,
    hl7Record: hl7.port,
  };
  const config = writeConfig(place, secrets, addresses);
  const engine = stopping(await startEngineProcess(config, place.directory));
  listens.mllp = engine.mllp;
  const store = await openSqliteStore({ file: join(place.directory, 'hearback.db'), readonly: true });
  stopping({ stop: () => store.close() });
  const base = `${engine.url}/fhir`;
  const clients = {
    riverside: newFhirClient(base, secrets.riverside),
    hillview: newFhirClient(base, secrets.hillview),
  };
  const poller = startPoller(clients.hillview, POLL_MS);
  stopping({ stop: async () => poller.stop() });
  return { engine, casework: lantern, springboard: form, practice, hl7, poller, clients, store, config, secrets };
}

/** What a platform does about these people. */
function arranged(id: 'casework' | 'springboard', people: readonly Person[]) {
  return {
    playbooks: new Map(people.map((person) => [person.nhsNumber, person.fate[id] ?? []])),
    chattyAbout: new Set(people.filter((person) => person.fate.chatty).map((person) => person.nhsNumber)),
    confirmsCancel: true,
  };
}

/** What stands in the practice's record before anybody answers: its own consultation. */
function registerPatients(practice: EmisStyle, people: readonly Person[]): void {
  const at = new Date().toISOString();
  for (const person of people.filter((one) => one.practice === 'riverside')) {
    const need = needOf(person);
    const entries = [need, SERVICE].map((coding) => ({
      at,
      ...(coding.code !== undefined && { code: coding.code, system: coding.system ?? '' }),
      term: coding.display ?? '',
    }));
    const author = `Dr ${PRACTICES.riverside.doctor.join(' ')}, ${PRACTICES.riverside.name}`;
    const { nhsNumber, given, family, birthDate } = person;
    practice.record.register({ nhsNumber, given, family, birthDate, gender: 'unknown' }, [
      { date: at.slice(0, 10), title: 'GP surgery', author, entries },
    ]);
  }
}
