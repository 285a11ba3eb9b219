import { expect, it } from '@jest/globals';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { changes, entry, message, newReferral, work } from '../../../contract/store/samples.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { type Fate, openWire } from '../../../fixtures/postgres/cut-wire.ts';
import { describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

const SEED = Number(process.env['HEARBACK_SEED'] ?? 77);

/** The same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

await describeOnPostgres('a record on a wire that is cut again and again', (server) => {
  const closing = closingAfterEach();

  it('receives every message once and answers what became of it', async () => {
    const chance = numbers(SEED);
    const address = new URL(await server.database());
    const wire = closing(await openWire({ host: address.hostname, port: Number(address.port || 5432) }));
    address.hostname = '127.0.0.1';
    address.port = String(wire.port);
    const store = closing(await openPostgresStore({ place: readPlace(address.href), patienceMs: 30_000 }));
    let cuts = 0;
    wire.fate = (): Fate => {
      const drawn = chance();
      if (drawn > 0.12) return 'pass';
      cuts += 1;
      return drawn < 0.03 ? 'lose' : 'lose-answer';
    };
    const receive = async (id: string, identity: string) => {
      const step = changes({
        referral: newReferral(`referral-${id}`),
        work: [work(`in/${identity}`, id)],
        journal: [entry('message.received', { message: id })],
      });
      return (await store.receive(message(id, { identity, body: new TextEncoder().encode(identity) }), step)).kind;
    };
    const answers: string[] = [];
    for (let round = 0; round < 25; round += 1) {
      /* Each message twice, under different ids: one of the two is the repeat. */
      const names = Array.from({ length: 6 }, (_, index) => `${round}-${index}`);
      answers.push(
        ...(await Promise.all(names.flatMap((name) => [receive(`${name}a`, name), receive(`${name}b`, name)]))),
      );
    }
    wire.fate = () => 'pass';
    const firsts = answers.filter((answer) => answer === 'first').length;
    expect({ firsts, repeats: answers.filter((answer) => answer === 'repeat').length }).toEqual({
      firsts: 150,
      repeats: 150,
    });
    expect(await store.counts()).toMatchObject({
      'message.accepted': 150,
      'referral.open': 150,
      'work.ready': 150,
      'journal.message.received': 150,
      'journal.message.repeated': 150,
    });
    expect(cuts).toBeGreaterThan(10);
  }, 120_000);
});
