/** Wires the record: which store a configuration names, opened, and which engines may work on it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Secrets } from './config/resolve-secrets.ts';
import type { Config } from './config/schema.ts';
import { type EngineLock, lockRecord, RecordInUse } from './ops/engine-lock.ts';
import { machineClock } from './ops/machine.ts';
import type { Clock } from './ports.ts';
import { isWorkedOn, openPostgresStore } from './store/postgres/open-store.ts';
import { type Place, readPlace } from './store/postgres/place.ts';
import { openSqliteStore } from './store/sqlite/open-store.ts';
import type { WholeRecord } from './store/whole-record.ts';

/** What must be known to open a record: a whole set-up, or as much of it as looking needs. */
export interface RecordSetup {
  readonly config: Config;
  readonly secrets: Pick<Secrets, 'database'>;
}

interface OpenOptions {
  /** For looking only, beside running engines. */
  readonly readonly?: boolean;
  /** True for an engine, which works on what waits in the record. */
  readonly works?: boolean;
  /** Called when another process has queued work, or may have (PostgreSQL). */
  readonly onWork?: () => void;
  /** The machine's when left out. */
  readonly clock?: Clock;
}

/** Opens the record that a configuration names. */
export async function openRecord(
  setup: RecordSetup,
  { readonly = false, works = false, onWork, clock = machineClock }: OpenOptions = {},
): Promise<WholeRecord> {
  const { store } = setup.config.engine;
  if (store.kind === 'postgres') {
    const place = placeOf(setup);
    const heard = onWork === undefined ? {} : { onWork };
    return openPostgresStore({ place, readonly, works, ...heard, readers: store.readers, clock });
  }
  if (!readonly) mkdirSync(dirname(store.path), { recursive: true });
  return openSqliteStore({ file: store.path, readonly, clock });
}

/**
 * Keeps a second engine off a record that bears only one (SQLite). On PostgreSQL any number may work: it locks nothing.
 * @throws RecordInUse
 */
export function occupyRecord({ config }: Pick<RecordSetup, 'config'>, pid: number): EngineLock {
  const { store } = config.engine;
  if (store.kind === 'postgres') return { release: () => undefined };
  mkdirSync(dirname(store.path), { recursive: true });
  return lockRecord(store.path, pid);
}

/** Whether no other engine can work on this record: then whatever is claimed in it was left behind. */
export function isAlone({ config }: Pick<RecordSetup, 'config'>): boolean {
  return config.engine.store.kind === 'sqlite';
}

/** Whether an engine works on the record now. */
export async function engineRuns(setup: RecordSetup): Promise<boolean> {
  if (setup.config.engine.store.kind === 'postgres') return isWorkedOn(placeOf(setup));
  try {
    occupyRecord(setup, process.pid).release();
    return false;
  } catch (fault) {
    if (fault instanceof RecordInUse) return true;
    throw fault;
  }
}

function placeOf({ config, secrets }: RecordSetup): Place {
  const { store } = config.engine;
  const { database } = secrets;
  if (store.kind !== 'postgres' || database === undefined) throw new Error('the configuration names no database');
  const { address, tls } = database;
  return readPlace(address, { schema: store.schema, ...(tls !== undefined && { tls }) });
}
