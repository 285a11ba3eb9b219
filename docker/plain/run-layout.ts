import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Carried, carryLoop } from './carry-loop.ts';
import { type OwnService, ownServices } from './layout.ts';
import { newPlaces, type Places } from './places.ts';
import { type RunningService, startService } from './start-service.ts';

export interface Servers {
  /** A database that is there and empty: `postgres://user@127.0.0.1:5432/name`. */
  readonly database: string;
  /** A broker on this machine: `amqp://user:password@127.0.0.1:5672/`. */
  readonly broker: string;
  /** Begins the names of queues there. */
  readonly prefix: string;
}

export interface LayoutRun extends Carried {
  /** The services that ran, in the order in which they were started. */
  readonly services: readonly string[];
}

const PROJECT = join(import.meta.dirname, '../..');
const COMPOSE = join(PROJECT, 'docker/compose.yaml');

/**
 * Runs what docker/compose.yaml describes without containers: every service that is built here as a process with the same
 * command, environment, configuration, secrets and health check, against a database and a broker that are there. One loop
 * is carried through; then everything is stopped, in turn.
 */
export async function runLayout(servers: Servers): Promise<LayoutRun> {
  const services = ownServices(COMPOSE);
  const directory = mkdtempSync(join(tmpdir(), 'hearback-layout-'));
  const otherwise = [
    ['hearback.to.', `${servers.prefix}.to.`],
    ['hearback.from.', `${servers.prefix}.from.`],
  ] as const;
  const places = await newPlaces(services, { project: PROJECT, directory, otherwise });
  const secrets = join(directory, 'secrets');
  makeSecrets(secrets, servers);
  const token = readFileSync(join(secrets, 'riverside_token'), 'utf8');
  for (const { name } of services) copyConfig(name, directory, places);
  const running: RunningService[] = [];
  try {
    running.push(...(await startAll(services, { places, project: PROJECT, directory })));
    const at = (service: string, port: string) => `http://127.0.0.1:${places.portOf(service, port)}`;
    const town = {
      fhir: `${at('door', '8080')}/fhir`,
      token,
      practice: at('practice', '8090'),
      platforms: [
        { url: at('casework', '8091'), done: 'closed-completed' },
        { url: at('piecemeal', '8092'), done: 'done' },
      ],
    };
    const carried = await carryLoop(town, readFileSync(join(PROJECT, 'docker/example-referral.json'), 'utf8')).catch(
      (fault: Error) => {
        throw new Error(
          `${fault.message}\n${running.map(({ name, said }) => `--- ${name}\n${said().slice(-2_000)}`).join('\n')}`,
        );
      },
    );
    return { services: services.map(({ name }) => name), ...carried };
  } finally {
    for (const one of running.toReversed()) await one.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each once everything that it waits for is healthy. When one fails, those that came up are stopped. */
async function startAll(
  services: readonly OwnService[],
  given: Parameters<typeof startService>[1],
): Promise<RunningService[]> {
  const started = new Map<string, Promise<RunningService>>();
  for (const own of services) {
    const before = Object.keys(own.service.depends_on).flatMap((name) => started.get(name) ?? []);
    started.set(
      own.name,
      Promise.all(before).then(() => startService(own, given)),
    );
  }
  const settled = await Promise.allSettled(started.values());
  const up = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return up;
  for (const one of up) await one.stop();
  throw failed.reason;
}

/** The secrets of a town, as a person makes them; where the servers are is otherwise here. */
function makeSecrets(directory: string, { database, broker }: Servers): void {
  execFileSync(process.execPath, [join(PROJECT, 'docker/new-secrets.mjs'), directory]);
  writeFileSync(join(directory, 'database_url'), database);
  writeFileSync(join(directory, 'broker_url'), broker);
}

/** What is mounted at /etc/hearback, for each service with its own places. */
function copyConfig(service: string, directory: string, places: Places): void {
  const from = join(dirname(COMPOSE), 'config');
  mkdirSync(join(directory, service));
  for (const file of readdirSync(from)) {
    writeFileSync(join(directory, service, file), places.settled(service, readFileSync(join(from, file), 'utf8')));
  }
}
