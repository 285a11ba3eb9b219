import { openPostgresStore } from '../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../src/store/postgres/place.ts';
import { asking, type TestServer } from '../../fixtures/postgres/test-server.ts';
import type { MakePlace } from './place.ts';

const EMPTY = `
do $$ declare one record; begin
  perform set_config('session_replication_role', 'replica', true);
  for one in select tablename from pg_tables where schemaname = 'SCHEMA' and tablename not in ('migration', 'server_life') loop
    execute format('delete from SCHEMA.%I', one.tablename);
  end loop;
end $$`;

/**
 * Places for PostgreSQL: schemas in one database of the run. One that is given back is emptied and used again, because making
 * its tables takes a second.
 */
export function postgresPlaces(server: TestServer): MakePlace {
  let database: Promise<string> | undefined;
  let made = 0;
  const free: string[] = [];
  return async () => {
    database ??= server.database();
    const address = await database;
    const schema = free.pop() ?? `record_${++made}`;
    return {
      open: (options) => openPostgresStore({ place: readPlace(address, { schema }), readers: 2, ...options }),
      remove: async () => {
        await asking(address, EMPTY.replaceAll('SCHEMA', schema));
        free.push(schema);
      },
    };
  };
}
