import type { Clock } from '../../ports.ts';
import { StoreError } from '../store-error.ts';
import type { WholeRecord } from '../whole-record.ts';
import { changesWithOwnBytes, messageWithOwnBytes } from './own-bytes.ts';
import type { ReadName } from './read-operations.ts';
import { openReadingSide, openWritingSide, type Side } from './side.ts';
import { startThread } from './thread-client.ts';
import type { WriteName } from './write-operations.ts';

interface SqliteOptions {
  readonly file: string;
  /** False runs everything in this thread: for tests and short commands. Default true: a thread for writes, one for reads. */
  readonly worker?: boolean;
  /** True opens an existing record for looking only, beside a running engine; every write rejects. */
  readonly readonly?: boolean;
  /** Says when work was queued and holds were resolved. Default: the machine's clock. */
  readonly clock?: Clock;
}

interface Sides {
  readonly writer: Side;
  readonly reader: Side;
}

/**
 * Opens the record in one SQLite file (made when it is not there) behind the Store port. Several processes may
 * open the same file.
 *
 * @throws StoreError `not-openable` (no such directory or file, not a database), `schema` (newer than the program,
 * an edited migration, or readonly and older than the program).
 */
export async function openSqliteStore(options: SqliteOptions): Promise<WholeRecord> {
  const clock = options.clock ?? { now: () => new Date() };
  const now = () => clock.now().toISOString();
  const { file } = options;
  const sides = options.worker === false ? openHere(file, now(), options) : await openInThreads(file, now(), options);
  return assemble(sides, now);
}

function openHere(file: string, now: string, { readonly }: SqliteOptions): Sides {
  const writer = readonly === true ? REFUSES_WRITES : openWritingSide(file, now);
  return { writer, reader: openReadingSide(file) };
}

async function openInThreads(file: string, now: string, { readonly }: SqliteOptions): Promise<Sides> {
  /* Both start at once; the reader opens when the writer has made the schema. */
  const reader = startThread(new URL('./reader-thread.ts', import.meta.url), file);
  const writer = readonly === true ? undefined : startThread(new URL('./writer-thread.ts', import.meta.url), file);
  try {
    await writer?.open(now);
    await reader.open(now);
    return { writer: writer ?? REFUSES_WRITES, reader };
  } catch (error) {
    await Promise.allSettled([writer?.end(), reader.end()]);
    throw error;
  }
}

const REFUSES_WRITES: Side = {
  call: (name) => Promise.reject(new StoreError('readonly', `the record was opened for reading; it refuses ${name}`)),
  close: () => Promise.resolve(),
};

function assemble(sides: Sides, now: () => string): WholeRecord {
  let closing: Promise<void> | undefined;
  /* The one place where a name and what it gives back are tied together again after the thread. */
  const ask = <N extends WriteName | ReadName>(side: Side, name: N, asked: Parameters<WholeRecord[N]>) => {
    if (closing !== undefined) return Promise.reject(new StoreError('closed', 'the record is closed'));
    return side.call(name, now(), asked) as ReturnType<WholeRecord[N]>;
  };
  const write =
    <N extends WriteName>(name: N) =>
    (...asked: Parameters<WholeRecord[N]>) =>
      ask(sides.writer, name, asked);
  const read =
    <N extends ReadName>(name: N) =>
    (...asked: Parameters<WholeRecord[N]>) =>
      ask(sides.reader, name, asked);
  return {
    receive: (message, changes) =>
      ask(sides.writer, 'receive', [messageWithOwnBytes(message), changesWithOwnBytes(changes)]),
    claim: write('claim'),
    commit: (work, outcome, changes) => ask(sides.writer, 'commit', [work, outcome, changesWithOwnBytes(changes)]),
    apply: (changes) => ask(sides.writer, 'apply', [changesWithOwnBytes(changes)]),
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
      closing ??= Promise.all([sides.writer.close(), sides.reader.close()]).then(() => undefined);
      return closing;
    },
  };
}
