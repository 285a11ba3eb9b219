import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { openReadingPool } from '../../../../src/store/postgres/reading-pool.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { openWire } from '../../../fixtures/postgres/cut-wire.ts';
import { describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

await describeOnPostgres('a look at one moment, on a wire that is cut', (server) => {
  const closing = closingAfterEach();

  async function pool() {
    const address = new URL(await server.database());
    const wire = closing(await openWire({ host: address.hostname, port: Number(address.port || 5432) }));
    address.hostname = '127.0.0.1';
    address.port = String(wire.port);
    return {
      wire,
      reads: closing(openReadingPool(readPlace(address.href), { connections: 1, plans: 'once', patienceMs: 30_000 })),
    };
  }

  it('is begun again when the cut comes between two statements, and the process lives', async () => {
    const { wire, reads } = await pool();
    let tries = 0;
    const found = await reads.snapshot(async (session) => {
      const before = await session.all('select 1 as one');
      tries += 1;
      if (tries === 1) {
        wire.cut();
        // Until it is known here: nothing is being asked then, and nobody but the connection itself can say it.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return [...before, ...(await session.all('select 2 as two'))];
    });
    expect([found, tries]).toEqual([[{ one: 1 }, { two: 2 }], 2]);
  });

  it('is begun again when the answer is lost', async () => {
    const { wire, reads } = await pool();
    let lost = 0;
    wire.fate = (piece) => {
      if (lost > 0 || !piece.includes('select 2')) return 'pass';
      lost += 1;
      return 'lose-answer';
    };
    const found = await reads.snapshot((session) => session.all('select 2 as two'));
    expect([found, lost]).toEqual([[{ two: 2 }], 1]);
  });

  it('leaves nothing behind on a connection that is used again', async () => {
    const { reads } = await pool();
    const warned = once(process, 'warning').then(([warning]) => String(warning));
    for (let look = 0; look < 30; look += 1) await reads.snapshot((session) => session.all('select 1'));
    expect(await Promise.race([warned, new Promise((resolve) => setTimeout(() => resolve('none'), 50))])).toBe('none');
  });
});
