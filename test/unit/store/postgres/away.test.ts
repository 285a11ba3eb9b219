import { expect, it } from '@jest/globals';
import { awayCode } from '../../../../src/core/record-away.ts';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { changes, entry, message } from '../../../contract/store/samples.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { openWire } from '../../../fixtures/postgres/cut-wire.ts';
import { describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

const PATIENCE_MS = 1_000;

await describeOnPostgres('a record whose server is away', (server) => {
  const closing = closingAfterEach();

  async function opened() {
    const address = new URL(await server.database());
    const wire = closing(await openWire({ host: address.hostname, port: Number(address.port || 5432) }));
    address.hostname = '127.0.0.1';
    address.port = String(wire.port);
    const open = () => openPostgresStore({ place: readPlace(address.href), patienceMs: PATIENCE_MS });
    return { wire, open, store: closing(await open()) };
  }
  const faultOf = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => 'it was there',
      (fault) => fault,
    );

  it('says so of what was to be written and of what was to be read', async () => {
    const { wire, store } = await opened();
    wire.down(true);
    const asked = [
      store.receive(message('m1'), changes({ journal: [entry()] })),
      store.message('m1'),
      store.snapshot('r1'),
    ];
    for (const one of asked.map(faultOf)) {
      expect(awayCode(await one)).toBe('unreachable');
    }
    wire.down(false);
    expect(await store.message('m1')).toBeUndefined();
  });

  it('keeps everybody waiting once, and not each one behind the other', async () => {
    const { wire, store } = await opened();
    wire.down(true);
    const from = Date.now();
    const all = Array.from({ length: 12 }, (_, n) => store.receive(message(`m${n}`), changes({ journal: [entry()] })));
    const faults = await Promise.all(all.map(faultOf));
    expect(new Set(faults.map(awayCode))).toEqual(new Set(['unreachable']));
    expect(Date.now() - from).toBeLessThan(4 * PATIENCE_MS);
  });

  it('is no such fault of a record that cannot be opened: that is said as something to act on', async () => {
    const { wire, open } = await opened();
    wire.down(true);
    const fault = await faultOf(open());
    expect([fault, awayCode(fault)]).toEqual([expect.objectContaining({ code: 'not-openable' }), undefined]);
  });
});
