import { join } from 'node:path';
import type { Store } from '../../../src/ports.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { newFhirClient } from '../gp-practice/fhir-client.ts';
import { type Poller, startPoller } from '../gp-practice/poller.ts';
import { type Practice, startPractice } from '../gp-practice/practice.ts';
import { casework } from '../platform/casework.ts';
import type { Dialect } from '../platform/dialect.ts';
import { type Platform, startPlatform } from '../platform/platform.ts';
import { springboard } from '../platform/springboard.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import type { Person } from './people.ts';
import { freePort, type Place } from './place.ts';
import { needOf, PRACTICES, SERVICE } from './referral-bundle.ts';
import type { Clients } from './send-referrals.ts';
import { newSecrets, type Secrets, writeConfig } from './write-config.ts';

/** The engine with real partners around it, all on loopback. */
export interface World {
  readonly engine: EngineProcess;
  readonly casework: Platform;
  readonly springboard: Platform;
  /** Riverside's record, which Hearback writes to. */
  readonly practice: Practice;
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

export async function startWorld(place: Place, people: readonly Person[]): Promise<World> {
  const secrets = newSecrets();
  const port = await freePort();
  const platform = (id: 'casework' | 'springboard', dialect: Dialect) =>
    startPlatform({
      port: 0,
      dialect,
      secret: secrets[id],
      reportTo: () => `http://127.0.0.1:${port}/webhooks/${id}`,
      playbooks: new Map(people.map((person) => [person.nhsNumber, person.fate[id] ?? []])),
      chattyAbout: new Set(people.filter((person) => person.fate.chatty).map((person) => person.nhsNumber)),
      confirmsCancel: true,
    });
  const [lantern, form] = [await platform('casework', casework), await platform('springboard', springboard)];
  const practice = await startPractice({ port: 0, token: secrets.record });
  const simulators = [lantern, form, practice];
  const addresses = { port, record: practice.url, casework: lantern.url, springboard: form.url };
  const config = writeConfig(place, secrets, addresses);
  const engine = await startEngineProcess(config, place.directory).catch(async (fault) => {
    await Promise.all(simulators.map((one) => one.stop()));
    throw fault;
  });
  const store = await openSqliteStore({ file: join(place.directory, 'hearback.db'), readonly: true });
  const base = `${engine.url}/fhir`;
  const clients = {
    riverside: newFhirClient(base, secrets.riverside),
    hillview: newFhirClient(base, secrets.hillview),
  };
  const poller = startPoller(clients.hillview, POLL_MS);
  registerPatients(practice, people);
  return {
    ...{ engine, casework: lantern, springboard: form, practice, poller, clients, store, config, secrets },
    async stop() {
      await poller.stop();
      await store.close();
      await engine.stop();
      await Promise.all(simulators.map((one) => one.stop()));
    },
  };
}

/** What stands in the practice's record before anybody answers: its own consultation. */
function registerPatients(practice: Practice, people: readonly Person[]): void {
  const at = new Date().toISOString();
  for (const person of people.filter((one) => one.practice === 'riverside')) {
    const need = needOf(person);
    const entries = [need, SERVICE].map((coding) => ({
      at,
      ...(coding.code !== undefined && { code: coding.code }),
      term: coding.display ?? '',
    }));
    const author = `Dr ${PRACTICES.riverside.doctor.join(' ')}, ${PRACTICES.riverside.name}`;
    practice.record.register({ nhsNumber: person.nhsNumber, name: `${person.given} ${person.family}` }, [
      { date: at.slice(0, 10), title: 'GP surgery', author, entries },
    ]);
  }
}
