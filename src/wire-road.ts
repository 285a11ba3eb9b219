/** What the road is made of: from the configuration to its parts, with the outlets by which it sends and the readers by which it looks. */
import { fhirOutlet } from './adapters/fhir-rest/outlet.ts';
import { loadR4Model } from './adapters/fhir-rest/r4-definitions.ts';
import { fhirRecordReader } from './adapters/fhir-rest/record-reader.ts';
import { newHttpClient } from './adapters/http-client/http-client.ts';
import { webhookOutlet } from './adapters/webhook/outlet.ts';
import type { Setup } from './cli/read-setup.ts';
import { replaceableParts } from './cli/replaceable-parts.ts';
import { reportMappingOf } from './config/report-mapping.ts';
import { routingTable } from './config/routing-table.ts';
import type { Config, Partner } from './config/schema.ts';
import type { Deadlines } from './core/loop/promises/deadlines.ts';
import type { RoadParts } from './flow/road-parts.ts';
import { NO_METER } from './flow/watch/no-meter.ts';
import { NO_TRACE } from './flow/watch/no-trace.ts';
import { wholeJournal } from './flow/whole-journal.ts';
import { machineClock, machineIds } from './ops/machine.ts';
import type { Clock, Ids, Log, Meter, Outlet, RecordReader, Trace } from './ports.ts';
import type { Store } from './ports-record.ts';
import { type Brokers, wireAmqpOutlet, wireBrokers } from './wire-amqp.ts';
import { makePdf } from './wire-document.ts';
import { wireMllpOutlet } from './wire-mllp.ts';

interface RoadGiven {
  readonly store: Store;
  readonly log: Log;
  /** Left out where nobody watches. */
  readonly meter?: Meter;
  readonly trace?: Trace;
  /** Left out by whoever sends nothing. */
  readonly brokers?: Brokers;
  /** The machine's when left out. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** False: nothing is sent and no partner's record is read. */
  readonly sends?: boolean;
}

/** Everything that the steps work with, as the configuration has it. */
export function roadParts(setup: Setup, { brokers, sends = true, ...given }: RoadGiven): RoadParts {
  const { config, library } = setup;
  const { store, log, meter = NO_METER, trace = NO_TRACE, clock = machineClock, ids = machineIds } = given;
  const reached = { setup, log, clock, brokers: brokers ?? wireBrokers(setup, log) };
  const sentTo = sends ? config.partners : [];
  const outlets = sentTo.flatMap((partner, position) => outletOf(partner, position, reached) ?? []);
  const readers = sentTo.flatMap((partner) => readerOf(partner, reached) ?? []);
  const retries = new Map(config.partners.map(({ id, outlets: [outlet] }) => [id, outlet?.retry]));
  return {
    store: wholeJournal(store, clock),
    log,
    meter,
    trace,
    clock,
    ids,
    random: Math.random,
    ...replaceableParts(config, library, store),
    makePdf,
    outlets: new Map(outlets.map((outlet) => [outlet.partner, outlet])),
    readers: new Map(readers.map((reader) => [reader.partner, reader])),
    reportMappingOf: (report) => reportMappingOf(report, config),
    routes: routingTable(config),
    r4: loadR4Model(),
    policy: { nhsNumberCheck: config.engine.nhsNumberCheck, serviceValueSet: config.engine.serviceValueSet },
    deadlines: deadlinesOf(config),
    retry: (id) => ({ baseMs: retries.get(id)?.initialMs ?? 5_000, capMs: retries.get(id)?.maxMs ?? 3_600_000 }),
  };
}

function deadlinesOf({ engine }: Config): Deadlines {
  const { states, ...kinds } = engine.deadlines;
  return {
    deliver: { ms: kinds.deliver },
    decide: { ms: kinds.decide },
    progress: { ms: kinds.progress, byState: states },
    outcome: { ms: kinds.outcome },
    'answer-cancel': { ms: kinds['answer-cancel'] },
    'tell-gp': { ms: kinds['tell-gp'] },
    'resolve-hold': { ms: kinds['resolve-hold'] },
  };
}

interface Reached {
  readonly setup: Setup;
  readonly log: Log;
  readonly clock: Clock;
  readonly brokers: Brokers;
}

function outletOf(partner: Partner, position: number, { setup, log, clock, brokers }: Reached): Outlet | undefined {
  const [outlet] = partner.outlets;
  const [secrets = []] = setup.secrets.partners.get(partner.id)?.outlets ?? [];
  if (outlet === undefined) return undefined;
  const deps = { newHttpClient, clock, log, random: Math.random };
  if (outlet.type === 'mllp') return wireMllpOutlet(partner.id, outlet, setup, deps);
  if (outlet.type === 'amqp') {
    const named = { partner: partner.id, place: `/partners/${position}/outlets/0`, outlet };
    return wireAmqpOutlet(named, { ...deps, broker: brokers.of(outlet.broker) });
  }
  const { url, timeoutMs, concurrency, circuit, idempotent } = outlet;
  const shared = { partner: partner.id, url, local: partner.local, timeoutMs, concurrency, circuit, idempotent };
  if (outlet.type === 'fhir') return fhirOutlet({ ...shared, token: secrets[0] ?? '' }, deps);
  const { acknowledges: level, replyReference: referencePointer } = outlet;
  return webhookOutlet(
    { ...shared, secrets, level, ...(referencePointer !== undefined && { referencePointer }) },
    deps,
  );
}

/** What reads a partner's record back, where the configuration says that it can be read. */
function readerOf(partner: Partner, { setup, log, clock }: Reached): RecordReader | undefined {
  const [outlet] = partner.outlets;
  if (outlet?.type !== 'fhir' || outlet.readBack === undefined) return undefined;
  const [[token = ''] = []] = setup.secrets.partners.get(partner.id)?.outlets ?? [];
  const { url, timeoutMs, circuit } = outlet;
  const deps = { newHttpClient, clock, log, random: Math.random };
  return fhirRecordReader({ partner: partner.id, url, token, timeoutMs, local: partner.local, circuit }, deps);
}
