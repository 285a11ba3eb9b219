import { expect, it } from '@jest/globals';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { changes, entry, work } from '../../../contract/store/samples.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';
import { until } from '../../../fixtures/town/until.ts';

await describeOnPostgres('the bell between processes', (server) => {
  const closing = closingAfterEach();

  it('tells the others of work, not itself, and hangs again after its connection was cut', async () => {
    const address = await server.database();
    const place = readPlace(address);
    const heard = { one: 0, other: 0 };
    const count = (who: 'one' | 'other') => () => {
      heard[who] += 1;
    };
    const one = closing(await openPostgresStore({ place, onWork: count('one') }));
    closing(await openPostgresStore({ place, onWork: count('other') }));
    const rings = async () => {
      const before = { ...heard };
      await one.apply(changes({ work: [work('a', 'a1')] }));
      await until('the other hears it', () => heard.other > before.other);
      return heard.one - before.one;
    };
    /* Each hears once when it begins to listen. */
    await until('both listen', () => heard.one === 1 && heard.other === 1);
    expect(await rings()).toBe(0);
    await one.apply(changes({ journal: [entry()] }));
    const listening =
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' or query like 'select pg_notify%'";
    const before = { ...heard };
    await asking(address, `${listening} and datname = current_database()`);
    await until('both listen again', () => heard.one > before.one && heard.other > before.other);
    expect(await rings()).toBe(0);
  });
});
