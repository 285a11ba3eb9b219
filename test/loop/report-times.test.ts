import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, type Loop, loopOf, untilClosed, untilHeld, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const HOUR = 3_600_000;

let town: Town;
let task: string;
beforeEach(async () => {
  town = await startTown();
  ({ task } = await town.gp.refer(transactionReferral()));
  await untilLoop(town, task, 'it was taken', ({ acknowledged }) => acknowledged.length > 0);
});
afterEach(() => town.stop());

async function saysAt(status: string, occurredAt: string | undefined): Promise<void> {
  const report = Object(casework.report(await untilReferred(town), { afterMs: 0, status }, new Date()));
  const body = JSON.stringify({ ...report, occurredAt });
  expect(await town.report('casework', { id: `msg_${randomUUID()}`, body })).toBe(202);
}

const waitsForPerson = ({ owes }: Loop) => owes.some(({ kind }) => kind === 'resolve-hold');

describe('the time of a report', () => {
  it.each([
    ['in the year 26', '0026-11-21T10:00:00Z'],
    ['two days before the referral', new Date(Date.now() - 48 * HOUR).toISOString()],
    ['an hour from now', new Date(Date.now() + HOUR).toISOString()],
  ])('that is %s decides nothing: a person is asked, and what comes later waits behind it', async (_, occurredAt) => {
    await saysAt('closed-unmet-need', occurredAt);
    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings).toContainEqual(expect.objectContaining({ rule: 'report/time' }));
    await untilLoop(town, task, 'a person owes it', waitsForPerson);
    await platformSays(town, { status: 'closed-completed' });
    expect(gpEntries(town)).toEqual([]);
    expect((await loopOf(town, task)).state.kind).toBe('requested');

    expect(await personDecides(town, hold, 'abandon', 'their clock was wrong')).toBe(1);
    expect((await untilClosed(town, task)).state.kind).toBe('completed');
  });

  it.each([
    ['missing', undefined, 'report/time-missing'],
    ['unreadable', '21.11.2026 10:00', 'report/time-unreadable'],
  ])('that is %s is that of the receipt, and the log says so', async (_, occurredAt, rule) => {
    await saysAt('accepted', occurredAt);
    const { id } = await untilIs(town, task, 'accepted');
    const [event] = (await town.store.events(id)).filter(({ kind }) => kind === 'accepted');
    const message = await town.store.message(event?.message ?? '');
    expect(event?.at).toBe(message?.at);
    expect(await town.store.journal({ referral: id, kind: 'event.time-substituted', limit: 9 })).toMatchObject([
      { actor: 'casework', message: message?.id, detail: { event: event?.id, rule } },
    ]);
  });
});

describe('a second end that is not the first', () => {
  it.each([
    ['later', 1],
    ['earlier', -1],
  ])('is recorded when it happened %s, stands in nobody’s way, and is a question to a person', async (_, order) => {
    const start = Date.now() - HOUR;
    await platformSays(town, { status: 'closed-completed', at: new Date(start) });
    await untilClosed(town, task);
    await platformSays(town, {
      status: 'closed-unmet-need',
      at: new Date(start + order * 60_000),
      reason: 'moved away',
    });
    const hold = await untilHeld(town, 'failed-check');
    const { id } = await untilLoop(town, task, 'a person owes it', waitsForPerson);
    expect(hold).toMatchObject({
      referral: id,
      partner: 'casework',
      findings: [{ rule: 'report/contradicts-end' }],
    });
    expect(await town.store.behindHold(hold.id)).toMatchObject({ waiting: [] });
    await platformSays(town, { status: 'assessment', after: { total: 26 } });
    await until('the score has arrived', () => gpEntries(town).some(({ term }) => term.includes('SWEMWBS')));

    await personDecides(town, hold, 'abandon', 'they closed it as completed');
    await untilClosed(town, task);
  });
});
