import { afterEach, describe, expect, it } from '@jest/globals';
import { type AshTown, startAshTown } from '../fixtures/records/ash-town.ts';
import { loopOf, untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { until } from '../fixtures/town/until.ts';

let town: AshTown;
afterEach(() => town.stop());

const score = { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } as const;
const HELPED = { status: 'closed-completed', note: 'Joined a walking group.', after: score } as const;

describe('a record that is read back', () => {
  it('closes the loop only once every entry was found there as it was sent', async () => {
    town = await startAshTown();
    const task = await town.refers();
    await town.says({ status: 'accepted' }, HELPED);
    const loop = await untilClosed(town, task);
    expect(loop.closure).toEqual({ level: 'read-back', labels: [] });
    const told = loop.promised.filter(({ kind }) => kind === 'tell-gp');
    expect(told.map(({ level, keptAs }) => [level, keptAs])).toEqual([
      ['read-back', 'read-back'],
      ['read-back', 'read-back'],
    ]);
    expect(loop.readings.map(({ is }) => is)).toEqual(['kept', 'kept']);
    const types = loop.readings.flatMap(({ entries }) => entries.map(({ type }) => type)).sort();
    expect(types).toEqual(['Observation', 'Observation', 'Observation', 'QuestionnaireResponse']);
  });

  it('keeps what the record answered, byte for byte', async () => {
    town = await startAshTown();
    const task = await town.refers();
    await town.says({ status: 'accepted' });
    const [reading] = await until('it was read', async () => {
      const { readings } = await loopOf(town, task);
      return readings.length > 0 && readings;
    });
    const answer = await town.store.message(reading?.messages[0] ?? '');
    expect(JSON.parse(Buffer.from(answer?.body ?? []).toString())).toMatchObject({ type: 'searchset', total: 1 });
  });

  it('that shows the gateway user as author closes the loop, and says that the author stands in the text alone', async () => {
    town = await startAshTown({ habits: { gatewayUser: 'Gateway, Hearback' } });
    const task = await town.refers();
    await town.says({ status: 'accepted' }, { status: 'closed-completed' });
    const loop = await untilClosed(town, task);
    expect(loop.closure.level).toBe('read-back');
    for (const label of loop.closure.labels) expect(label).toMatch(/author degraded \(another author is shown/);
    expect(loop.closure.labels).toHaveLength(2);
  });

  it('whose value is another than was sent is held, never closed', async () => {
    town = await startAshTown({
      habits: {
        changes: (one) =>
          one.resourceType === 'Observation' && one.valueInteger !== undefined ? { ...one, valueInteger: 62 } : one,
      },
    });
    const task = await town.refers();
    await town.says({ status: 'closed-completed', after: score });
    const hold = await untilHeld(town, 'not-kept');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['read-back/value-lost']);
    expect((await loopOf(town, task)).status).toBe('open');
  });

  it('is waited for where a person files by hand, and asked again', async () => {
    town = await startAshTown({ habits: { filesByHand: true } });
    const task = await town.refers();
    await town.says({ status: 'closed-completed' });
    await until('it was looked for', async () => ((await town.store.counts())['reading.not-found'] ?? 0) >= 2);
    expect((await loopOf(town, task)).status).toBe('open');
    town.record.fileByHand();
    expect((await untilClosed(town, task)).closure).toEqual({ level: 'read-back', labels: [] });
  });

  it('is a question to a person when nothing was filed in time', async () => {
    town = await startAshTown({ habits: { filesByHand: true }, readBack: 'everySeconds: 0, patience: 1s' });
    const task = await town.refers();
    await town.says({ status: 'closed-completed' });
    const hold = await untilHeld(town, 'not-kept');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['read-back/not-found']);
    town.record.fileByHand();
    await personDecides(town, hold, 'retry', 'they have filed it');
    await untilClosed(town, task);
  });

  it('is looked at no more often than the practice asks for', async () => {
    town = await startAshTown({ readBack: 'everySeconds: 1' });
    const task = await town.refers();
    await town.says({ status: 'accepted' }, { status: 'did-not-attend' }, { status: 'closed-completed' });
    await untilClosed(town, task);
    const at = (await loopOf(town, task)).readings.map((one) => Date.parse(one.at));
    expect(at).toHaveLength(3);
    for (const [place, one] of at.slice(1).entries()) expect(one - (at[place] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('that cannot be searched is a question to a person', async () => {
    town = await startAshTown();
    town.record.habits.closed = 404;
    const task = await town.refers();
    await town.says({ status: 'closed-completed' });
    const hold = await untilHeld(town, 'not-kept');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['read-back/refused']);
    delete town.record.habits.closed;
    await personDecides(town, hold, 'retry', 'they let us read now');
    await untilClosed(town, task);
  });

  it('that is out of order for a while is asked again', async () => {
    town = await startAshTown();
    town.record.habits.closed = 503;
    const task = await town.refers();
    await town.says({ status: 'closed-completed' });
    await until('it was asked in vain', async () => {
      const failed = await town.store.journal({ kind: 'read-back.failed', limit: 5 });
      return failed.length >= 2;
    });
    delete town.record.habits.closed;
    await untilClosed(town, task);
  });

  it('is read back after a restart, if it was not before', async () => {
    town = await startAshTown();
    town.record.habits.closed = 503;
    const task = await town.refers();
    await town.says({ status: 'closed-completed' });
    await until('it was asked in vain', () => town.record.looks.length > 0);
    await town.stopEngine();
    delete town.record.habits.closed;
    await town.startEngine();
    await untilClosed(town, task);
  });
});

describe('a record that is not read back', () => {
  it('closes the loop as before, labelled with what it proves', async () => {
    town = await startAshTown({ readBack: false });
    const task = await town.refers();
    await town.says({ status: 'closed-completed' });
    const { closure } = await untilClosed(town, task);
    expect(closure).toEqual({ level: 'technical', labels: [expect.stringMatching(/^only technical/)] });
    expect(town.record.looks).toEqual([]);
  });
});
