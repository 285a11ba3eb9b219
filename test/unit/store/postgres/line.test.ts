import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Line, newLine, type Task } from '../../../../src/store/postgres/line.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { openWritingSession } from '../../../../src/store/postgres/session.ts';
import { type Fate, openWire, type Wire } from '../../../fixtures/postgres/cut-wire.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

await describeOnPostgres('a line to PostgreSQL', (server) => {
  let address: string;
  let wire: Wire;
  const lines: Line[] = [];

  beforeEach(async () => {
    address = await server.database();
    await asking(address, 'create table t (v text)');
    const { hostname, port } = new URL(address);
    wire = await openWire({ host: hostname, port: Number(port || 5432) });
  });
  afterEach(async () => {
    await Promise.allSettled(lines.splice(0).map((line) => line.close()));
    await wire.close();
  });

  async function opened(patienceMs = 15_000): Promise<Line> {
    const through = new URL(address);
    through.port = String(wire.port);
    through.hostname = '127.0.0.1';
    const open = () => openWritingSession(readPlace(through.href, { schema: 'public' }));
    const line = newLine({ first: await open(), open, patienceMs });
    lines.push(line);
    return line;
  }

  /** Writes one row; the number of rows it saw before is its value. */
  const adding = (v: string, looked: () => void = () => undefined): Task<number> => ({
    locks: ['7'],
    decide: async (session) => {
      const [row] = await session.all('select count(*)::int as number from t');
      looked();
      return { value: Number(row?.['number']), write: [{ sql: 'insert into t values (:v)', parameters: { v } }] };
    },
  });
  const rows = async () => (await asking(address, 'select v from t order by v')).map((row) => row['v']);

  /** The fate of the first piece in which somebody commits, and of no other. */
  function atCommit(fate: Fate, then: () => void = () => undefined): void {
    let isDone = false;
    wire.fate = (piece) => {
      if (isDone || !piece.includes('commit\0')) return 'pass';
      isDone = true;
      then();
      return fate;
    };
  }

  it('keeps what was written, one after another', async () => {
    const line = await opened();
    expect(await Promise.all(['a', 'b', 'c'].map((v) => line.transaction(adding(v))))).toEqual([0, 1, 2]);
    expect(await rows()).toEqual(['a', 'b', 'c']);
  });

  it('does it again when the connection is lost before the commit', async () => {
    const line = await opened();
    let times = 0;
    const cutOnce = () => {
      times += 1;
      if (times === 1) wire.cut();
    };
    expect(await line.transaction(adding('a', cutOnce))).toBe(0);
    expect(times).toBe(2);
    expect(await rows()).toEqual(['a']);
  });

  it('knows that it was kept when only the answer to the commit was lost', async () => {
    const line = await opened();
    let times = 0;
    atCommit('lose-answer');
    await line.transaction(adding('a', () => (times += 1)));
    expect(times).toBe(1);
    expect(await rows()).toEqual(['a']);
  });

  it('knows that it was not kept when the commit itself was lost, ends what hangs there, and does it again', async () => {
    const line = await opened();
    let times = 0;
    atCommit('lose');
    await line.transaction(adding('a', () => (times += 1)));
    expect(times).toBe(2);
    expect(await rows()).toEqual(['a']);
  });

  it('waits for a server that is away while it is asked what became of a commit', async () => {
    const line = await opened();
    atCommit('lose-answer', () => {
      wire.down(true);
      setTimeout(() => wire.down(false), 300);
    });
    await line.transaction(adding('a'));
    expect(await rows()).toEqual(['a']);
  });

  it('says that it does not know, when the server cannot be asked in time', async () => {
    const line = await opened(400);
    atCommit('lose-answer', () => setImmediate(() => wire.down(true)));
    await expect(line.transaction(adding('a'))).rejects.toMatchObject({ code: 'in-doubt' });
  });

  it('says that nothing was written, when no connection can be made in time, and goes on when one can', async () => {
    const line = await opened(400);
    wire.down(true);
    await expect(line.transaction(adding('a'))).rejects.toMatchObject({ code: 'unreachable' });
    expect(await rows()).toEqual([]);
    wire.down(false);
    await line.transaction(adding('b'));
    expect(await rows()).toEqual(['b']);
  });

  it('takes the end that the server makes of a connection for a lost one', async () => {
    const line = await opened();
    let times = 0;
    const slow: Task<void> = {
      locks: [],
      decide: async (session) => {
        times += 1;
        if (times === 1) await asking(address, `select pg_terminate_backend(${session.pid})`);
        await session.all('select 1');
        return { value: undefined, write: [{ sql: 'insert into t values (:v)', parameters: { v: 'a' } }] };
      },
    };
    await line.transaction(slow);
    expect(times).toBe(2);
    expect(await rows()).toEqual(['a']);
  });

  it('tells what the database refuses, keeps nothing of it, and goes on', async () => {
    const line = await opened();
    const faulty: Task<void> = {
      locks: [],
      decide: async () => ({
        value: undefined,
        write: [
          { sql: 'insert into t values (:v)', parameters: { v: 'a' } },
          { sql: 'insert into nowhere values (:v)', parameters: { v: 'a' } },
        ],
      }),
    };
    await expect(line.transaction(faulty)).rejects.toMatchObject({ code: 'database', message: /^42P01/ });
    await line.transaction(adding('b'));
    expect(await rows()).toEqual(['b']);
  });

  it('tries again when two are in each other’s way', async () => {
    const [one, other] = [await opened(), await opened()];
    await asking(address, "insert into t values ('x'), ('y')");
    let waiting = 0;
    let release: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const crossing = (first: string, second: string): Task<void> => ({
      locks: [],
      decide: async (session) => {
        await session.all('select 1 from t where v = :v for update', { v: first });
        waiting += 1;
        if (waiting === 2) release();
        await both;
        return { value: undefined, write: [{ sql: 'delete from t where v = :v', parameters: { v: second } }] };
      },
    });
    await Promise.all([one.transaction(crossing('x', 'y')), other.transaction(crossing('y', 'x'))]);
    expect(waiting).toBeGreaterThan(2);
  });
});
