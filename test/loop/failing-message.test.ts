import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log } from '../../src/ports.ts';
import { gpTerms, untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
afterEach(() => town.stop());

const PATIENTS = ['9990000018', '9990000026', '9990000034'] as const;

/** Two referrals, each with its case at the platform. */
async function twoReferrals() {
  const tasks: string[] = [];
  for (const [number, nhsNumber] of PATIENTS.slice(0, 2).entries()) {
    tasks.push((await town.gp.refer(referralOf({ number, nhsNumber }))).task);
    await until('it reached the platform', () => town.casework.cases().length === number + 1);
  }
  const [one, other] = town.casework.cases();
  if (one === undefined || other === undefined) throw new Error('two referrals and not two cases');
  return { tasks, one, other };
}

describe('a GP system that fails at one message, whenever it comes', () => {
  it('gets everything else meanwhile, and a person hears of the one after a few attempts', async () => {
    const logged: [string, Readonly<Record<string, unknown>>][] = [];
    const note: Log['warn'] = (event, fields = {}) => void logged.push([event, fields]);
    town = await startTown({ log: { info: () => {}, warn: note, error: note } });
    const { tasks, one, other } = await twoReferrals();
    const [stuck = '', fine = ''] = tasks;
    town.lines.practice.set({ status: 500, meant: (body) => body.includes(PATIENTS[0]) });
    await platformSays(town, { status: 'accepted', about: one });
    await untilLoop(town, stuck, 'it was tried as often as opens the circuit of a partner that is down', ({ sent }) =>
      sent.some(({ purpose, attempts }) => purpose === 'write-back' && attempts >= 3),
    );
    await platformSays(town, { status: 'closed-signposted', about: other });
    await untilClosed(town, fine);

    const hold = await untilHeld(town, 'refused-delivery');
    expect(hold.findings[0]).toMatchObject({
      rule: 'delivery/keeps-failing',
      message: expect.stringMatching(/^"riverside" failed at the write-back in each of \d+ attempts: http-500/),
    });
    expect(logged.map(([event]) => event)).not.toContain('fhir.circuit-open');
    // Said once it is on record, where the story may see it first.
    await until('the operator is told', () => logged.some(([event]) => event === 'hold.opened'));
    expect(logged).toContainEqual(['hold.opened', expect.objectContaining({ hold: hold.id, partner: 'riverside' })]);
    expect(logged).toContainEqual([
      'delivery.failed',
      expect.objectContaining({
        partner: 'riverside',
        purpose: 'write-back',
        attempt: 1,
        kind: 'transient',
        code: 'http-500',
      }),
    ]);
    expect(JSON.stringify(logged)).not.toContain(PATIENTS[0]);

    town.lines.practice.set('through');
    await personDecides(town, hold, 'retry', 'they mended it');
    await platformSays(town, { status: 'closed-signposted', about: one });
    await untilClosed(town, stuck);
    expect(gpTerms(town, PATIENTS[0])).toContain('Accepted by the service');
  });
});
