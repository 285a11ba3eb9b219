import { afterEach, describe, expect, it } from '@jest/globals';
import type { Observation } from 'fhir/r4.js';
import { type AshTown, startAshTown } from '../fixtures/records/ash-town.ts';
import { loopOf, untilClosed, untilLoop } from '../fixtures/town/look.ts';
import type { Said } from '../fixtures/town/platform-says.ts';
import { until } from '../fixtures/town/until.ts';

const HALF_HOUR = 1_800_000;

let town: AshTown;
afterEach(() => town.stop());

/** Thirty reports of one platform about one person, half an hour apart, the last one the end. */
function thirty(): Said[] {
  const start = Date.now() - 32 * HALF_HOUR;
  const middle = Array.from({ length: 28 }, (_, place): Said => {
    if (place % 4 === 1) return { status: 'did-not-attend', note: `Missed, number ${place}.` };
    // Never lower than before: that somebody got worse is told in any case.
    if (place % 4 === 2) return { status: 'assessment', after: { total: 20 + Math.floor(place / 4) } };
    return { status: 'waiting-list', reason: 'Nobody is free.', note: `News number ${place}.` };
  });
  const all: Said[] = [{ status: 'accepted' }, ...middle, { status: 'closed-completed', note: 'Joined a choir.' }];
  return all.map((said, place) => ({ ...said, at: new Date(start + place * HALF_HOUR) }));
}

function observations(): Observation[] {
  return town.record.resources().flatMap((one) => (one.resourceType === 'Observation' ? [one] : []));
}

describe('a chatty platform and a practice that wants few items', () => {
  it('thirty updates make no more items than the practice wants, and nothing is untold', async () => {
    town = await startAshTown({ outlet: ['writeBack: { items: digest, period: 1s, most: 3 }'] });
    const task = await town.refers();
    for (const said of thirty()) await town.says(said);
    const loop = await untilClosed(town, task);
    // Two summaries at most, and the end.
    expect(town.record.taken.length).toBeLessThanOrEqual(3);
    const told = loop.promised.filter(({ kind }) => kind === 'tell-gp');
    expect(told.length).toBeGreaterThanOrEqual(30);
    expect(told.every(({ keptAs }) => keptAs === 'read-back')).toBe(true);
    const legs = loop.sent.filter(({ purpose }) => purpose === 'write-back');
    const tells = legs.flatMap((leg) => leg.tells ?? []);
    expect(new Set(tells).size).toBe(tells.length);
    expect(tells).toHaveLength(told.length);
    const words = observations()
      .flatMap(({ note = [] }) => note.map(({ text }) => text))
      .join('\n');
    for (const { note } of thirty()) if (note !== undefined) expect(words).toContain(note);
    expect(words).toContain('Ayo Bankole');
  });

  it('is told nothing before the end where it wants the end alone; the ledger shows what waits', async () => {
    town = await startAshTown({ outlet: ['writeBack: { items: digest }'] });
    const task = await town.refers();
    await town.says({ status: 'accepted' }, { status: 'waiting-list', reason: 'Nobody is free.' });
    const waiting = await untilLoop(town, task, 'it waits', ({ state }) => state.kind === 'waiting');
    expect(waiting.owes.filter(({ kind }) => kind === 'tell-gp')).toHaveLength(2);
    expect(waiting.late).toEqual([]);
    expect(town.record.taken).toEqual([]);
    await town.says({ status: 'did-not-attend' }, { status: 'closed-completed' });
    await untilClosed(town, task);
    expect(town.record.taken).toHaveLength(1);
    const summary = observations().find(({ code }) => code.text === 'Social prescribing: summary');
    expect(summary?.note?.[0]?.text.split('\n').map((line) => line.slice(11).split('.')[0])).toEqual([
      'Accepted by the service',
      'On a waiting list',
      'Completed',
    ]);
    // A code is never put into words: the missed appointment stands by itself.
    expect(
      observations()
        .map(({ code }) => code.coding?.[0]?.code ?? code.text)
        .sort(),
    ).toEqual(['281399006', 'Social prescribing: summary']);
  });

  it('is told at once, and of that alone, when something is urgent', async () => {
    town = await startAshTown({ outlet: ['writeBack: { items: digest }'] });
    const task = await town.refers();
    await town.says({ status: 'accepted' }, { status: 'safeguarding', note: 'Please ring us.' });
    await until('the GP knows', () => town.record.taken.length === 1);
    expect(observations().map(({ code }) => code.text)).toEqual(['Escalated back to the GP']);
    const loop = await loopOf(town, task);
    expect(loop.owes.filter(({ kind }) => kind === 'tell-gp').length).toBeGreaterThanOrEqual(1);
    await town.says({ status: 'closed-completed' });
    await untilClosed(town, task);
    expect(town.record.taken).toHaveLength(2);
  });

  it('is told of what is urgent though an earlier item is held', async () => {
    town = await startAshTown({ habits: { refusesEntries: true } });
    await town.refers();
    await town.says({ status: 'accepted' });
    await until('it is held', async () => (await town.store.holds({ open: true })).length === 1);
    town.record.habits.refusesEntries = false;
    await town.says({ status: 'safeguarding', note: 'Please ring us.' });
    await until('the GP knows', () => town.record.taken.length === 1);
    const types = town.record.taken[0]?.entry?.map(({ resource }) => resource?.resourceType);
    // What is older may arrive later, and would set the Task back.
    expect(types).toEqual(['Observation', 'Provenance']);
  });
});
