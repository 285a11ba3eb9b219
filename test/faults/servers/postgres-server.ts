import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../docker/simulators/free-port.ts';
import { type RunAs, runProgram, userNamed } from './run-program.ts';

/** A PostgreSQL server of our own, that can be struck. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** `postgres://user@host:port/database`, by another port when one is given. */
  address(port?: number): string;
  stop(how: 'clean' | 'crash'): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const HOST = '127.0.0.1';
const SETTINGS = ['-c', `listen_addresses=${HOST}`, '-c', 'max_connections=200'];

/** Rejects when the programs of a server are not there or do not run. */
export async function startPostgresServer(): Promise<PostgresServer> {
  // The server refuses to run as root.
  const as = process.getuid?.() === 0 ? await userNamed('postgres') : undefined;
  const directory = mkdtempSync(join(tmpdir(), 'hearback-postgres-'));
  if (as !== undefined) chownSync(directory, as.uid, as.gid);
  const data = join(directory, 'data');
  const port = await freePort();
  const control = (args: readonly string[]) => runProgram('pg_ctl', ['-D', data, '-w', ...args], as);
  const start = () =>
    control(['-l', join(directory, 'log'), '-o', [...SETTINGS, '-p', port, '-k', directory].join(' '), 'start']);
  const server: PostgresServer = {
    host: HOST,
    port,
    address: (by = port) => `postgres://hearback@${HOST}:${by}/postgres`,
    stop: (how) => control(['-m', how === 'clean' ? 'fast' : 'immediate', 'stop']),
    start,
    async remove() {
      await server.stop('crash').catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await initialise(data, as);
    await start();
  } catch (fault) {
    await server.remove();
    throw fault;
  }
  return server;
}

function initialise(data: string, as: RunAs | undefined): Promise<void> {
  return runProgram('initdb', ['-D', data, '-U', 'hearback', '--auth=trust', '--no-sync', '-E', 'UTF8'], as);
}
