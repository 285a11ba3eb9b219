import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gpTerms, type Loop, untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { copyTerminology, type OwnTerminology } from '../fixtures/town/own-terminology.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

/** A code that this town's map of casework's words has lost. */
const NEED = { code: '32911000', display: 'Homeless' };

let town: Town;
let terminology: OwnTerminology;
beforeEach(async () => {
  terminology = copyTerminology();
  terminology.forget(NEED.code);
  town = await startTown({ terminology: terminology.directory });
});
afterEach(async () => {
  await town.stop();
  terminology.remove();
});

const isHeld = ({ holds }: Loop) => holds.some(({ resolvedAt }) => resolvedAt === undefined);

async function threeHeldAndOneNot() {
  const held: string[] = [];
  for (const number of [1, 2, 3]) held.push((await town.gp.refer(referralOf({ number, need: NEED }))).task);
  const { task: known } = await town.gp.refer(referralOf({ number: 4 }));
  for (const task of held) await untilLoop(town, task, 'it is held', isHeld);
  await until('the one with a known need has arrived', () => town.casework.cases().length === 1);
  return { held, known };
}

describe('a need that has no word in a platform’s language', () => {
  it('is one question to a person, and its answer lets exactly those go on that waited', async () => {
    const { held } = await threeHeldAndOneNot();
    const holds = await town.store.holds({ open: true });
    expect(holds).toMatchObject([{ kind: 'unmapped-code', partner: 'casework' }]);
    expect(holds[0]?.findings[0]?.message).toContain(NEED.code);

    await town.stopEngine();
    terminology.add({ ...NEED, target: [{ code: 'housing', equivalence: 'wider' }] });
    await town.startEngine();
    const [hold] = holds;
    expect(hold && (await personDecides(town, hold, 'retry', 'added to the map'))).toBe(3);
    await until('all have arrived', () => town.casework.cases().length === 4);
    const order = await Promise.all(held.map(async (task) => (await town.store.resource('Task', task))?.referral));
    expect(
      town.casework
        .cases()
        .slice(1)
        .map(({ reference }) => reference)
        .sort(),
    ).toEqual(order.sort());
    expect(town.casework.cases()[3]?.received).toMatchObject({ case: { needs: [{ code: 'housing' }] } });
    expect(town.casework.deliveries().every(({ repeat }) => !repeat)).toBe(true);
  });

  it('is unmet need for each of those that waited when a person gives it up', async () => {
    const { held } = await threeHeldAndOneNot();
    const hold = await untilHeld(town, 'unmapped-code');
    await personDecides(town, hold, 'abandon', 'casework does not do this');

    for (const task of held) {
      expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'unmet-need', status: 'rejected' } });
    }
    expect(gpTerms(town)).toEqual(['Need not met', 'Need not met', 'Need not met']);
    expect(town.casework.cases()).toHaveLength(1);
  });

  it('is unmet by that platform only, when another one has a word for it', async () => {
    await town.stopEngine();
    await town.startEngine({ routes: ['- { name: both, to: [casework, springboard], all: true }'] });
    const { task } = await town.gp.refer(referralOf({ number: 1, need: NEED }));
    await personDecides(town, await untilHeld(town, 'unmapped-code'), 'abandon', 'casework does not do this');
    await platformSays(town, { by: 'springboard', status: 'Got help' });

    expect(await untilClosed(town, task)).toMatchObject({
      state: { kind: 'completed' },
      children: [
        { partner: 'casework', kind: 'unmet-need' },
        { partner: 'springboard', kind: 'completed' },
      ],
    });
    expect(town.springboard.deliveries()).toHaveLength(1);
    expect(town.casework.deliveries()).toEqual([]);
  });
});
