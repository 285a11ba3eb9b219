import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { copyMappings, inward, type OwnMappings, outward } from '../fixtures/town/own-mappings.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { type PlainPlatform, report, startPlainPlatform } from '../fixtures/town/plain-platform.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const KEYS = ['client.registered', 'referral.created', 'note.added'];
const MAPPINGS = {
  'several/referral.map.yaml': outward(
    'several/referral',
    'messages',
    KEYS.flatMap((key) => [`- key: ${key}`, '  body: { ref: "{{ %referral }}", name: "{{ %patient.name.family }}" }']),
  ),
  'several/report.map.yaml': inward('several/report', 'json', { ref: 'ref', status: 'status', note: 'note' }),
};

let town: Town;
let mappings: OwnMappings;
let platform: PlainPlatform;
beforeEach(async () => {
  mappings = copyMappings(MAPPINGS);
  platform = await startPlainPlatform();
  town = await startTown({
    mappings: mappings.directory,
    partners: platform.partner('several'),
    routes: ['- { name: all, to: [several], all: true }'],
  });
});
afterEach(async () => {
  await town.stop();
  await platform.stop();
  mappings.remove();
});

const isOpen = (owes: readonly { readonly kind: string }[]) => owes.some(({ kind }) => kind === 'deliver');

describe('a platform that takes several small messages instead of one', () => {
  it('gets them in their order, each under its own id, whatever fails between, and has the referral when it has the last', async () => {
    let failures = 2;
    platform.answerWith(({ type }) => (type === KEYS[1] && failures-- > 0 ? 503 : type === KEYS[2] ? 429 : 200));
    const { task } = await town.gp.refer(transactionReferral());
    await until('the last was tried', () => platform.arrived().some(({ type }) => type === KEYS[2]));
    const open = await untilLoop(town, task, 'two are acknowledged', ({ acknowledged }) => acknowledged.length === 2);
    expect(isOpen(open.owes)).toBe(true);
    expect(open.sent.map(({ part, mapping }) => [part, mapping?.name]).slice(0, 2)).toEqual([
      [{ number: 1, of: 3 }, 'several/referral'],
      [{ number: 2, of: 3 }, 'several/referral'],
    ]);

    // The engine goes away between two of them and comes back: what was taken is not sent again.
    await town.stopEngine();
    platform.answerWith(() => 200);
    await town.startEngine();
    const sent = await untilLoop(town, task, 'it is delivered', ({ owes }) => !isOpen(owes));
    const taken = platform.arrived().filter(({ status }) => status === 200);
    expect(taken.map(({ type }) => type)).toEqual(KEYS);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(3);
    for (const key of KEYS)
      expect(
        new Set(
          platform
            .arrived()
            .filter(({ type }) => type === key)
            .map(({ id }) => id),
        ).size,
      ).toBe(1);
    expect(
      platform
        .arrived()
        .map(({ type }) => KEYS.indexOf(type ?? ''))
        .every((place, index, all) => index === 0 || place >= (all[index - 1] ?? 0)),
    ).toBe(true);
    expect(sent.promised.filter(({ kind, owedTo }) => kind === 'deliver' && owedTo === 'several')).toMatchObject([
      { is: 'kept', keptBy: taken[2]?.id },
    ]);

    const { ref } = JSON.parse(taken[0]?.body ?? '{}');
    await report(town, {
      to: 'several',
      contentType: 'application/json',
      body: JSON.stringify({ ref, status: 'completed' }),
    });
    await untilClosed(town, task);
  });

  it('that refuses one and is given up gets none of the rest, and the GP hears that the need is not met', async () => {
    platform.answerWith(({ type }) => (type === KEYS[1] ? 422 : 200));
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'refused-delivery');
    expect(platform.arrived().map(({ type }) => type)).toEqual(KEYS.slice(0, 2));
    await personDecides(town, hold, 'abandon', 'they do not want it');
    const loop = await untilClosed(town, task);
    expect(loop.children.map(({ kind }) => kind)).toEqual(['unmet-need']);
    expect(platform.arrived()).toHaveLength(2);
    const legs = (await town.store.legs(loop.id)).filter(({ partner }) => partner === 'several');
    expect(legs.map(({ status, part }) => [part?.key, status])).toEqual([
      [KEYS[0], 'acknowledged'],
      [KEYS[1], 'abandoned'],
      [KEYS[2], 'abandoned'],
    ]);
  });
});
