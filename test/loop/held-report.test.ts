import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gpTerms, type Loop, loopOf, untilClosed, untilHeld, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { PROJECT } from '../fixtures/town/town-config.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
let terminology: string;
beforeEach(async () => {
  terminology = mkdtempSync(join(tmpdir(), 'hearback-terminology-'));
  cpSync(join(PROJECT, 'terminology'), terminology, { recursive: true });
  town = await startTown({ terminology, engine: ['  deadlines: { decide: 4s }'] });
});
afterEach(async () => {
  await town.stop();
  rmSync(terminology, { recursive: true });
});

async function learn(code: string): Promise<void> {
  await town.stopEngine();
  const file = join(terminology, 'concept-map-casework-status-to-loop-state.json');
  const map = JSON.parse(readFileSync(file, 'utf8'));
  map.group[0].element.push({ code, target: [{ code: 'accepted', equivalence: 'equivalent' }] });
  writeFileSync(file, JSON.stringify(map));
  await town.startEngine();
}

async function referred(number: number) {
  const { task } = await town.gp.refer(referralOf({ number }));
  const { id } = await untilLoop(town, task, 'it has arrived', ({ acknowledged }) => acknowledged.length > 0);
  return { task, id };
}

async function says(body: object): Promise<void> {
  expect(await town.report('casework', { id: `msg_${randomUUID()}`, body: JSON.stringify(body) })).toBe(202);
}

const waitsForPerson = ({ owes }: Loop) => owes.some(({ kind }) => kind === 'resolve-hold');

describe('a report whose word no map knows', () => {
  it('is owed by a person, and the platform that said it is not blamed for silence', async () => {
    const { task, id } = await referred(1);
    await says({ clientReference: id, status: 'pencilled-in', occurredAt: new Date().toISOString() });
    const loop = await untilLoop(town, task, 'a person owes it', waitsForPerson);
    expect(loop.owes.find(({ kind }) => kind === 'resolve-hold')?.words).toMatch(
      /^A person must resolve a hold \(unmapped code, casework\), waiting since /,
    );
    expect(loop.holds).toMatchObject([{ kind: 'unmapped-code' }]);
    expect((await town.store.messagesOf(id)).map(({ identity }) => identity.slice(0, 4))).toContain('msg_');
    expect(await town.store.journal({ referral: id, kind: 'hold.opened', limit: 9 })).toHaveLength(1);

    // The second referral becomes late by its platform's silence: by then the first one would have been, too.
    const silent = await referred(2);
    await untilLoop(town, silent.task, 'its decision is late', ({ late }) => late.length > 0);
    const held = await loopOf(town, task);
    expect(held.late).toEqual([]);
    expect(held.owes.find(({ kind }) => kind === 'decide')?.words).toMatch(/held since .*waits for a person/);
    await until('the GP is told of the silence', () => gpTerms(town).length > 0);
    expect(gpTerms(town)).toEqual(['No answer from the service']);

    await learn('pencilled-in');
    await personDecides(town, await untilHeld(town, 'unmapped-code'), 'retry');
    const after = await untilIs(town, task, 'accepted');
    expect(waitsForPerson(after)).toBe(false);
  });

  it('is one question for many referrals, and dropping it for all of them at once is refused', async () => {
    const [ada, ben] = [await referred(1), await referred(2)];
    for (const { id } of [ada, ben]) await says({ clientReference: id, status: 'pencilled-in' });
    for (const { task } of [ada, ben]) await untilLoop(town, task, 'a person owes it', waitsForPerson);
    expect(await town.store.holds({ open: true })).toHaveLength(1);

    const hold = await untilHeld(town, 'unmapped-code');
    await expect(personDecides(town, hold, 'abandon')).rejects.toThrow(/reports about 2 referrals.*retry/);
    expect(await town.store.holds({ open: true })).toHaveLength(1);

    await learn('pencilled-in');
    expect(await personDecides(town, hold, 'retry')).toBe(2);
    for (const { task } of [ada, ben]) expect(waitsForPerson(await untilIs(town, task, 'accepted'))).toBe(false);
  });

  it('can be dropped where it is the only one, and nobody owes it any more', async () => {
    const { task, id } = await referred(1);
    await says({ clientReference: id, status: 'pencilled-in' });
    await untilLoop(town, task, 'a person owes it', waitsForPerson);
    await personDecides(town, await untilHeld(town, 'unmapped-code'), 'abandon', 'they will say it again');
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, task);
  });
});

describe('reports that the mapping cannot take', () => {
  it('are a question each, so that dropping one drops no other', async () => {
    const [ada, ben] = [await referred(1), await referred(2)];
    for (const { id } of [ada, ben]) await says({ clientReference: id });
    for (const { task } of [ada, ben]) await untilLoop(town, task, 'a person owes it', waitsForPerson);
    const holds = await until('both are held', async () => {
      const open = await town.store.holds({ open: true });
      return open.length === 2 && open;
    });
    expect(holds.map(({ kind, referral }) => [kind, referral]).sort()).toEqual(
      [ada.id, ben.id].sort().map((id) => ['failed-check', id]),
    );
    const [first] = holds.filter(({ referral }) => referral === ada.id);
    expect(first && (await personDecides(town, first, 'abandon', 'nothing in it'))).toBe(1);
    expect(waitsForPerson(await loopOf(town, ada.task))).toBe(false);
    expect(waitsForPerson(await loopOf(town, ben.task))).toBe(true);
  });
});
