import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type AmqpPlatform, startAmqpPlatform } from '../../docker/simulators/amqp-platform/amqp-platform.ts';
import { piecemeal } from '../../docker/simulators/amqp-platform/piecemeal.ts';
import { newPlace, type Place } from '../../docker/simulators/demo/place.ts';
import { freePort } from '../../docker/simulators/free-port.ts';
import { type EmisStyle, startEmisStyle } from '../../docker/simulators/gp-emis-style/practice.ts';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { type Platform, startPlatform } from '../../docker/simulators/platform/platform.ts';
import type { Step } from '../../docker/simulators/platform/playbook.ts';
import { springboard } from '../../docker/simulators/platform/springboard.ts';
import { writeKeyFile } from '../../src/journal/key-file.ts';
import type { CrowdPlatform } from '../fixtures/crash/crowd.ts';
import { newStubbornGp, type StubbornGp } from '../fixtures/crash/stubborn-gp.ts';
import { startTap, type Tap } from '../fixtures/crash/tap.ts';
import type { EngineOrders, EngineShed } from '../fixtures/engines/engine-process.ts';
import { openWire, type Wire } from '../fixtures/postgres/cut-wire.ts';
import { type EngineAddress, type Engines, newEngines } from './engines.ts';
import { type Hl7Practice, startHl7Practice } from './hl7-practice.ts';
import { ENGINES, type LineName } from './plan.ts';
import type { PostgresServer } from './servers/postgres-server.ts';
import type { RabbitServer } from './servers/rabbitmq-server.ts';
import type { SmallDisk } from './servers/small-disk.ts';
import { asOneLine, type Line } from './several-wires.ts';
import { type Addresses, type EnginePorts, GP_TOKEN, PRACTICE_TOKEN, writeEngineConfig } from './world-config.ts';

/** The servers that are there. */
export interface Servers {
  readonly postgres?: PostgresServer;
  readonly rabbitmq?: RabbitServer;
  readonly disk?: SmallDisk;
}

/** Engines with real partners around them, all on loopback, and every line between them in our hands. */
export interface World {
  readonly engines: Engines;
  readonly servers: Servers;
  /** Between the engines and who they speak to; those that this world has. */
  readonly wires: Partial<Readonly<Record<LineName, Line>>>;
  readonly taps: Readonly<Record<'casework' | 'springboard' | 'riverside', Tap>>;
  readonly gp: StubbornGp;
  readonly practice: EmisStyle;
  /** The practice that speaks HL7 v2. */
  readonly elm: Hl7Practice;
  readonly casework: Platform;
  readonly springboard: Platform;
  readonly piecemeal?: AmqpPlatform;
  /** What people's cases become, by NHS number: to be filled before they are referred. */
  readonly playbooks: Map<string, readonly Step[]>;
  /** A configuration that leads to the record past the wires, for looking and for a person's decisions. */
  readonly configFile: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly store: 'sqlite' | 'postgres';
  readonly servers: Servers;
  readonly platforms: readonly CrowdPlatform[];
  readonly shed: EngineShed;
  readonly orders: Pick<EngineOrders, 'plant' | 'leaseMs'>;
}

const HOST = '127.0.0.1';

export async function openWorld(options: WorldOptions): Promise<World> {
  const undo: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await build(options, (step) => undo.push(step))), stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function build(options: WorldOptions, after: (undo: () => unknown) => void): Promise<Omit<World, 'stop'>> {
  const place = newPlace(true);
  after(place.remove);
  writeKeyFile(join(place.directory, 'log.key'), 'hearback/faults', randomBytes(32));
  const playbooks = new Map<string, readonly Step[]>();
  const reached: { engines?: Engines } = {};
  const next = (): EngineAddress => {
    if (reached.engines === undefined) throw new Error('there are no engines yet');
    return reached.engines.next();
  };
  const front = (path: string) => `${next().url}${path}`;
  const partners = await startPartners(place, { playbooks, front, mllp: () => new URL(next().mllp) }, after);
  const { wires, addresses, direct } = await layLines(place, partners, options, after);
  const ports: EnginePorts[] = [];
  for (let nth = 0; nth < (options.store === 'sqlite' ? 1 : ENGINES); nth += 1) {
    ports.push({ http: await freePort(), mllp: await freePort() });
  }
  const toEngines = await Promise.all(ports.map(({ mllp }) => openWire({ host: HOST, port: mllp })));
  for (const wire of toEngines) after(() => wire.close());
  const logFile = join(place.directory, 'engines.log');
  const engines = newEngines(
    ports.map((own, nth) => ({
      orders: { ...options.orders, config: writeEngineConfig(place, `engine-${nth}`, own, addresses) },
      at: { url: `http://${HOST}:${own.http}`, mllp: `mllp://${HOST}:${toEngines[nth]?.port}` },
    })),
    options.shed,
    logFile,
  );
  reached.engines = engines;
  after(() => engines.stop());
  // One after the other: the first makes the tables, and the machine has few processors.
  for (const nth of ports.keys()) await engines.start(nth);
  const helpers = await startBehindBroker(options, addresses.queues, playbooks, after);
  const gp = newStubbornGp(
    () => front('/fhir'),
    GP_TOKEN,
    (status) => status >= 500,
  );
  after(gp.stop);
  return {
    ...{ engines, servers: options.servers, playbooks, gp, logFile, ...partners },
    wires: { ...wires, mllp: asOneLine(toEngines) },
    ...(helpers && { piecemeal: helpers }),
    configFile: writeEngineConfig(place, 'past-the-wires', { http: 0, mllp: 0 }, direct),
  };
}

interface Meeting {
  readonly playbooks: ReadonlyMap<string, readonly Step[]>;
  readonly front: (path: string) => string;
  readonly mllp: () => URL;
}

type After = (undo: () => unknown) => void;

async function startPartners(place: Place, { playbooks, front, mllp }: Meeting, after: After) {
  const platform = async (name: 'casework' | 'springboard') => {
    const secret = `whsec_${Buffer.from(name.slice(0, 1).repeat(32)).toString('base64')}`;
    place.keep(`${name}.secret`, secret);
    const dialect = name === 'casework' ? casework : springboard;
    const reportTo = () => front(`/webhooks/${name}`);
    const one = await startPlatform({ port: 0, dialect, secret, reportTo, playbooks, confirmsCancel: true });
    after(() => one.stop());
    return one;
  };
  place.keep('practice.secret', PRACTICE_TOKEN);
  const practice = await startEmisStyle({ port: 0, token: PRACTICE_TOKEN, match: 'off' });
  after(() => practice.stop());
  const elm = await startHl7Practice(mllp);
  after(() => elm.stop());
  const partners = { practice, elm, casework: await platform('casework'), springboard: await platform('springboard') };
  const tap = async (url: string) => {
    const one = await startTap(() => url);
    after(() => one.stop());
    return one;
  };
  const taps = {
    casework: await tap(partners.casework.url),
    springboard: await tap(partners.springboard.url),
    riverside: await tap(practice.url),
  };
  return { ...partners, taps };
}

/** A wire before everything that the engines speak to; and the ways past them. */
async function layLines(place: Place, { taps, elm }: Pick<World, 'taps' | 'elm'>, options: WorldOptions, after: After) {
  const { store, servers, platforms } = options;
  const { postgres, rabbitmq, disk } = servers;
  const wire = async (to: { host: string; port: number }) => {
    const one = await openWire(to);
    after(() => one.close());
    return one;
  };
  const toTap = (tap: Tap) => wire({ host: HOST, port: Number(new URL(tap.url).port) });
  const wires = {
    casework: await toTap(taps.casework),
    springboard: await toTap(taps.springboard),
    riverside: await toTap(taps.riverside),
    elm: await wire({ host: HOST, port: elm.port }),
    ...(store === 'postgres' && postgres && { record: await wire(postgres) }),
    ...(rabbitmq && { broker: await wire(rabbitmq) }),
  };
  if (wires.broker) place.keep('broker.secret', rabbitmq?.address(wires.broker.port) ?? '');
  const own = randomBytes(4).toString('hex');
  const record = (name: string, address: string | undefined) => {
    place.keep(`${name}.secret`, address ?? '');
    return { postgres: { connection: { file: `./${name}.secret` }, schema: `world_${own}`, local: true } };
  };
  after(() => disk?.clear());
  const embedded = `sqlite:${join(disk?.directory ?? place.directory, `${own}.db`)}`;
  const at = (name: string, port?: number) => (store === 'sqlite' ? embedded : record(name, postgres?.address(port)));
  const url = ({ port }: Wire) => `http://${HOST}:${port}`;
  const addresses: Addresses = {
    store: at('database', wires.record?.port),
    casework: url(wires.casework),
    springboard: url(wires.springboard),
    riverside: url(wires.riverside),
    elm: { host: HOST, port: wires.elm.port },
    platforms,
    queues: { to: `${own}.to`, from: `${own}.from` },
  };
  return { wires, addresses, direct: { ...addresses, store: at('database-past-the-wires') } };
}

async function startBehindBroker(
  { servers: { rabbitmq }, platforms }: WorldOptions,
  queues: Addresses['queues'],
  playbooks: World['playbooks'],
  after: After,
): Promise<AmqpPlatform | undefined> {
  if (rabbitmq === undefined || !platforms.includes('piecemeal')) return undefined;
  const one = await startAmqpPlatform({
    ...{ port: 0, broker: rabbitmq.address(), takesFrom: queues.to, reportsTo: queues.from },
    ...{ shape: piecemeal, playbooks, confirmsCancel: true },
  });
  after(() => one.stop());
  return one;
}
