import { afterEach, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
afterEach(() => town.stop());

/** Every line that the metrics have now, by what stands before its number. */
async function scraped(): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(town.engine().metrics ?? '');
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

it('whoever watches sees a delivery that a person must look at, and the loop that closed after it', async () => {
  town = await startTown({ engine: ['  metrics: { port: 0 }'] });
  const legs = (outcome: string) =>
    `hearback_legs_total{partner="casework",channel="webhook",purpose="referral",outcome="${outcome}"}`;
  town.lines.casework.set({ status: 422, body: {} });
  const { task } = await town.gp.refer(transactionReferral());
  await town.gp.send('', '{"resourceType":');
  const refused = await untilHeld(town, 'refused-delivery');
  // Counted once it is on record, where the story may see it first.
  const held = await until('it is seen that a person is waited for', async () => {
    const now = await scraped();
    return now.get('hearback_holds_open{kind="refused-delivery"}') === 1 && now.has(legs('refused')) && now;
  });
  expect(held.get('hearback_work{kind="settle",status="held"}')).toBe(1);
  expect(held.get('hearback_deliveries_waiting{partner="casework"}')).toBe(1);
  expect(held.get(legs('refused'))).toBe(1);
  const refusedOfGp = /^hearback_messages_total\{partner="riverside",channel="(fhir|amqp)",verdict="refused"\}$/;
  expect([...held].filter(([name]) => refusedOfGp.test(name)).map(([, count]) => count)).toEqual([1]);
  expect(held.get('hearback_circuit_open{partner="casework"}')).toBe(0);

  town.lines.casework.set('through');
  await personDecides(town, refused, 'retry');
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'closed-completed' });
  await untilClosed(town, task);
  const after = await until('it is seen that nobody is waited for', async () => {
    const now = await scraped();
    const isSeen = now.get('hearback_holds_open{kind="refused-delivery"}') === 0;
    return isSeen && now.get('hearback_loops_total{became="closed"}') === 1 && now;
  });
  expect(after.get(legs('acknowledged'))).toBe(1);
  expect(after.get('hearback_messages_total{partner="casework",channel="webhook",verdict="accepted"}')).toBe(2);
  expect(after.get('hearback_loops_total{became="open"}')).toBe(1);
  expect(after.get('hearback_loops_total{became="closed"}')).toBe(1);
  expect(after.get('hearback_deliveries_waiting{partner="casework"}')).toBe(0);
  expect(after.get('hearback_delivery_attempt_seconds_count{partner="casework",outcome="permanent"}')).toBe(1);
  expect(after.get('hearback_write_seconds_count{operation="commit",failed="false"}')).toBeGreaterThan(4);
});

it('nothing is served under the partners’ address, and nothing is counted where nobody asked for it', async () => {
  town = await startTown();
  expect(town.engine().metrics).toBeUndefined();
  expect((await fetch(`${town.url}/metrics`)).status).toBe(404);
});
