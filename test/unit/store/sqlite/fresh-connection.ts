import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type Connection, openForWriting } from '../../../../src/store/sqlite/connection.ts';

interface FreshFiles {
  /** A path in a new directory; nothing is there yet. */
  path(): string;
  /** A connection that is closed after the test. */
  connect(file?: string): Connection;
}

/** Files and connections that are gone after each test. Call inside describe. */
export function freshFiles(): FreshFiles {
  const directories: string[] = [];
  const connections: Connection[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  const path = () => {
    const directory = mkdtempSync(join(tmpdir(), 'hearback-file-'));
    directories.push(directory);
    return join(directory, 'record.db');
  };
  const connect = (file = path()) => {
    const connection = openForWriting(file);
    connections.push(connection);
    return connection;
  };
  return { path, connect };
}
