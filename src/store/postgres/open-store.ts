import type { Clock } from '../../ports.ts';
import type { LogStore } from '../../ports-log.ts';
import { StoreError } from '../store-error.ts';
import type { WholeRecord } from '../whole-record.ts';
import { hangBell } from './bell.ts';
import { changeConsole } from './change-console.ts';
import { makeGroupCommit } from './group-commit.ts';
import { newLeaseClock } from './lease-clock.ts';
import { type Line, newLine } from './line.ts';
import { sealOn } from './log-operations.ts';
import { checkSchema, migration } from './migrate.ts';
import { notOpenable } from './not-openable.ts';
import type { Place } from './place.ts';
import { pruneOn } from './prune.ts';
import { BY_KEY, OF_ONE_MOMENT, READ_OPERATIONS, type ReadName } from './read-operations.ts';
import { openReadingPool, type ReadingPool } from './reading-pool.ts';
import { resolveHold } from './resolve-hold.ts';
import { isWorkedOnNow, openWritingSession } from './session.ts';
import { newWorkLanes } from './work-lanes.ts';

interface PostgresOptions {
  readonly place: Place;
  /** True opens an existing record for looking only; every write rejects. */
  readonly readonly?: boolean;
  /** True for an engine: others can ask whether one is there (`isWorkedOn`). */
  readonly works?: boolean;
  /** Called when another process has queued work, or may have. Absent: nobody listens, and nobody is told. */
  readonly onWork?: () => void;
  /** Says when work was queued and holds were resolved, and what the instants of claims are meant by. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Connections for reading, beside the two that write: so many for looks at one loop, and as many for searches, each opened when it is needed. */
  readonly readers?: number;
  /** How long a question may wait for a server that is away. Milliseconds. */
  readonly patienceMs?: number;
}

type WriteName =
  | 'receive'
  | 'claim'
  | 'commit'
  | 'apply'
  | 'resolveHold'
  | 'recover'
  | 'renew'
  | 'changeConsole'
  | 'seal'
  | 'prune';
type Writes = Pick<WholeRecord, WriteName> & { close(): Promise<void> };

const READERS = 4;
const PATIENCE_MS = 15_000;

/**
 * Opens the record in one schema of a PostgreSQL database (made when it is not there) behind the Store port. Any number of
 * processes may open the same.
 *
 * @throws StoreError `not-openable` (no such server or database, not allowed, does not flush, a standby), `schema` (newer than
 * the program, an edited migration, or readonly and older than the program).
 */
export async function openPostgresStore(options: PostgresOptions): Promise<WholeRecord> {
  const clock = options.clock ?? { now: () => new Date() };
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const writes = options.readonly === true ? REFUSES_WRITES : await openWrites(options, clock, patienceMs);
  const reading = (plans: 'once' | 'by-value') =>
    openReadingPool(options.place, { connections: options.readers ?? READERS, plans, patienceMs });
  const pools: ReadingPools = { looks: reading('once'), searches: reading('by-value') };
  try {
    await pools.looks.read(checkSchema);
    return assemble(writes, pools);
  } catch (thrown) {
    await Promise.allSettled([writes.close(), pools.looks.close(), pools.searches.close()]);
    throw options.readonly === true ? notOpenable(thrown) : thrown;
  }
}

async function openWrites(
  { place, works = false, onWork }: PostgresOptions,
  clock: Clock,
  patienceMs: number,
): Promise<Writes> {
  const now = () => clock.now().toISOString();
  const { schema } = place;
  const lines: Line[] = [];
  const openLine = async (): Promise<Line> => {
    const open = () => openWritingSession(place, { works });
    const line = newLine({ first: await open(), open, patienceMs });
    lines.push(line);
    return line;
  };
  try {
    await migrate(place, now());
    /* Two, so that a claim does not wait for the commit of what others decided. */
    const [steps, claims] = [await openLine(), await openLine()];
    const bell = onWork === undefined ? undefined : hangBell(place, onWork);
    const group = makeGroupCommit(steps, schema, bell?.ring);
    return {
      receive: (message, changes) => group.run<'receive'>({ kind: 'receive', message, changes, now: now() }),
      commit: (work, outcome, changes) => group.run<'commit'>({ kind: 'commit', work, outcome, changes, now: now() }),
      apply: (changes) => group.run<'apply'>({ kind: 'apply', changes, now: now() }),
      resolveHold: (hold, by, resolution, then, changes, seen) =>
        resolveHold({ hold, by, resolution, then, changes, seen, now: now() }, steps, schema),
      changeConsole: (changes) => changeConsole(changes, steps, schema),
      ...newWorkLanes(claims, newLeaseClock(clock)),
      ...ofTheLog(openLine, schema),
      close: async () => {
        await group.settled();
        await Promise.all([...lines.map((line) => line.close()), bell?.close()]);
      },
    };
  } catch (thrown) {
    await Promise.allSettled(lines.map((line) => line.close()));
    throw notOpenable(thrown);
  }
}

/** What is done to the log beside the road has a line of its own, opened when it is first needed: a command needs none. */
function ofTheLog(openLine: () => Promise<Line>, schema: string): Pick<LogStore, 'seal' | 'prune'> {
  let opened: Promise<Line> | undefined;
  const line = (): Promise<Line> => {
    opened ??= openLine();
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    seal: async (seal) => sealOn(await line(), schema)(seal),
    prune: async (pruning) => pruneOn(await line(), schema)(pruning),
  };
}

async function migrate(place: Place, now: string): Promise<void> {
  const open = () => openWritingSession(place, { unhurried: true });
  const line = newLine({ first: await open(), open, patienceMs: PATIENCE_MS });
  try {
    await line.transaction(migration(place.schema, now));
  } finally {
    await line.close();
  }
}

/** Whether an engine works on the record now. */
export async function isWorkedOn(place: Place): Promise<boolean> {
  const session = await openWritingSession(place).catch((thrown) => {
    throw notOpenable(thrown);
  });
  try {
    return await isWorkedOnNow(session, place.schema);
  } finally {
    await session.end();
  }
}

const refused = (name: WriteName) => () =>
  Promise.reject(new StoreError('readonly', `the record was opened for reading; it refuses ${name}`));

const REFUSES_WRITES: Writes = {
  receive: refused('receive'),
  claim: refused('claim'),
  commit: refused('commit'),
  apply: refused('apply'),
  resolveHold: refused('resolveHold'),
  recover: refused('recover'),
  renew: refused('renew'),
  changeConsole: refused('changeConsole'),
  seal: refused('seal'),
  prune: refused('prune'),
  close: () => Promise.resolve(),
};

interface ReadingPools {
  readonly looks: ReadingPool;
  readonly searches: ReadingPool;
}

function assemble(writes: Writes, { looks, searches }: ReadingPools): WholeRecord {
  let closing: Promise<void> | undefined;
  const isClosed = () => Promise.reject(new StoreError('closed', 'the record is closed'));
  const under = new Set<Promise<unknown>>();
  const asked = <T>(answer: Promise<T>): Promise<T> => {
    under.add(answer);
    answer.catch(() => undefined).finally(() => under.delete(answer));
    return answer;
  };
  const write =
    <N extends WriteName>(name: N) =>
    (...given: Parameters<WholeRecord[N]>): ReturnType<WholeRecord[N]> => {
      if (closing !== undefined) return isClosed() as ReturnType<WholeRecord[N]>;
      const ask = writes[name] as (...all: Parameters<WholeRecord[N]>) => Promise<unknown>;
      return asked(ask(...given)) as ReturnType<WholeRecord[N]>;
    };
  const read =
    <N extends ReadName>(name: N) =>
    (...given: Parameters<WholeRecord[N]>): ReturnType<WholeRecord[N]> => {
      if (closing !== undefined) return isClosed() as ReturnType<WholeRecord[N]>;
      const operation = READ_OPERATIONS[name] as (...all: unknown[]) => Promise<unknown>;
      const pool = BY_KEY.has(name) ? looks : searches;
      const how = OF_ONE_MOMENT.has(name) ? pool.snapshot : pool.read;
      return asked(how((session) => operation(session, ...given))) as ReturnType<WholeRecord[N]>;
    };
  return {
    receive: write('receive'),
    claim: write('claim'),
    commit: write('commit'),
    apply: write('apply'),
    resolveHold: write('resolveHold'),
    recover: write('recover'),
    renew: write('renew'),
    nextWorkAt: read('nextWorkAt'),
    message: read('message'),
    messagesOf: read('messagesOf'),
    referral: read('referral'),
    findReferral: read('findReferral'),
    namesakes: read('namesakes'),
    referencesOf: read('referencesOf'),
    snapshot: read('snapshot'),
    dossier: read('dossier'),
    dossierAt: read('dossierAt'),
    events: read('events'),
    promises: read('promises'),
    legs: read('legs'),
    leg: read('leg'),
    holds: read('holds'),
    behindHold: read('behindHold'),
    readings: read('readings'),
    lastReadingAt: read('lastReadingAt'),
    lostCodes: read('lostCodes'),
    loops: read('loops'),
    resource: read('resource'),
    search: read('search'),
    journal: read('journal'),
    logSubjects: read('logSubjects'),
    searchLog: read('searchLog'),
    entry: read('entry'),
    patientsOf: read('patientsOf'),
    keptMappings: read('keptMappings'),
    overview: read('overview'),
    consoleAccount: read('consoleAccount'),
    consoleAccounts: read('consoleAccounts'),
    signInAttempts: read('signInAttempts'),
    consoleSession: read('consoleSession'),
    keptInSession: read('keptInSession'),
    consoleProposal: read('consoleProposal'),
    openProposals: read('openProposals'),
    changeConsole: write('changeConsole'),
    standing: read('standing'),
    counts: read('counts'),
    logHead: read('logHead'),
    unsealed: read('unsealed'),
    seal: write('seal'),
    logLeaves: read('logLeaves'),
    logLeafOf: read('logLeafOf'),
    logNodes: read('logNodes'),
    checkpoints: read('checkpoints'),
    logEntries: read('logEntries'),
    keptBodies: read('keptBodies'),
    prunings: read('prunings'),
    bodiesToPrune: read('bodiesToPrune'),
    entriesToPrune: read('entriesToPrune'),
    prune: write('prune'),
    close: () => {
      closing ??= Promise.allSettled(under)
        .then(() => Promise.all([writes.close(), looks.close(), searches.close()]))
        .then(() => undefined);
      return closing;
    },
  };
}
