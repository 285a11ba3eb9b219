import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Line, newLine } from '../../../../src/store/postgres/line.ts';
import { migration } from '../../../../src/store/postgres/migrate.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { openWritingSession } from '../../../../src/store/postgres/session.ts';
import { type PostgresServer, startPostgresServer } from '../../../faults/servers/postgres-server.ts';
import { pathOf } from '../../../faults/servers/run-program.ts';
import { openWire, type Wire } from '../../../fixtures/postgres/cut-wire.ts';
import { asking } from '../../../fixtures/postgres/test-server.ts';

/** More than a server can have given away before it was struck. */
const OTHERS = 40;

/** A server of our own, because it is struck. */
const canBeStruck = pathOf('initdb') !== undefined;
if (!canBeStruck) process.stderr.write('skipped: a PostgreSQL server that breaks down: there is no initdb here\n');
const describeWhereItCanBeStruck = canBeStruck ? describe : describe.skip;

describeWhereItCanBeStruck('a line to a PostgreSQL server that breaks down while a commit is on its way', () => {
  let server: PostgresServer;
  let wire: Wire;
  let line: Line;

  beforeAll(async () => {
    server = await startPostgresServer();
    await asking(server.address(), 'create table t (v text)');
  }, 180_000);
  afterAll(() => server.remove());
  beforeEach(async () => {
    wire = await openWire(server);
    const place = readPlace(server.address(wire.port), { schema: 'public' });
    const open = () => openWritingSession(place);
    const first = newLine({ first: await open(), open, patienceMs: 15_000 });
    await first.transaction(migration('public', '2026-01-01T00:00:00.000Z'));
    await first.close();
    line = newLine({ first: await open(), open, patienceMs: 15_000 });
  });
  afterEach(async () => {
    await line.close();
    await wire.close();
  });

  /** Swallows the commit, breaks the server down, and lets others write before the line may ask. */
  function breakDownAtCommit(how: 'clean' | 'crash'): void {
    let isDone = false;
    wire.fate = (piece) => {
      if (isDone || !piece.includes('commit\0')) return 'pass';
      isDone = true;
      wire.down(true);
      void restarted(how).then(() => wire.down(false));
      return 'lose';
    };
  }
  async function restarted(how: 'clean' | 'crash'): Promise<void> {
    await server.stop(how);
    await server.start();
    for (let other = 0; other < OTHERS; other += 1) await asking(server.address(), 'select pg_current_xact_id()');
  }
  const add = (v: string) =>
    line.transaction({
      locks: [],
      decide: async () => ({ value: v, write: [{ sql: 'insert into t values (:v)', parameters: { v } }] }),
    });
  const rows = async () => (await asking(server.address(), 'select v from t order by v')).map((row) => row['v']);

  it('never takes another transaction, which got the same number afterwards, for its own', async () => {
    breakDownAtCommit('crash');
    const said = await add('after a crash').catch((fault: { code?: string }) => fault.code);
    expect(['after a crash', 'in-doubt']).toContain(said);
    // What is said to be kept is there; what is in doubt may be.
    if (said !== 'in-doubt') expect(await rows()).toContain('after a crash');
  }, 180_000);

  it('knows after a clean restart what became of it', async () => {
    breakDownAtCommit('clean');
    expect(await add('after a clean restart')).toBe('after a clean restart');
    expect(await rows()).toContain('after a clean restart');
  }, 180_000);
});
