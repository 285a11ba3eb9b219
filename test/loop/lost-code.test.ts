import { afterEach, describe, expect, it } from '@jest/globals';
import { type AshTown, startAshTown } from '../fixtures/records/ash-town.ts';
import { loopOf, untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { until } from '../fixtures/town/until.ts';

const DID_NOT_ATTEND = '281399006';
const SNOMED = 'http://snomed.info/sct';
const NO_CODES = new Set<string>();

let town: AshTown;
afterEach(() => town.stop());

/** Says it and waits until its write-back was looked at. */
async function missed(count: number): Promise<void> {
  await town.says({ status: 'did-not-attend', note: `Missed ${count} by now.` });
  await until('it was looked at', async () => (await town.store.counts())['reading.lost'] === count);
}

describe('a record that does not know a code', () => {
  it('is found out by reading back: the loop is held, though the record answered 200', async () => {
    town = await startAshTown({ habits: { dictionary: NO_CODES } });
    const task = await town.refers();
    await town.says({ status: 'accepted' });
    await missed(1);
    const hold = await untilHeld(town, 'not-kept');
    expect(hold).toMatchObject({ partner: 'ash', findings: [{ rule: 'read-back/code-lost' }] });
    expect(hold.findings[0]?.message).toContain(DID_NOT_ATTEND);
    const loop = await loopOf(town, task);
    const leg = loop.acknowledged.find(({ readBack }) => readBack?.is === 'lost');
    expect(leg).toMatchObject({ status: 'acknowledged', ack: 'technical' });
    expect(loop.owes.filter(({ kind }) => kind === 'tell-gp')).toHaveLength(1);
  });

  it('is remembered, and the next write is flagged before it is sent', async () => {
    town = await startAshTown({ habits: { dictionary: NO_CODES }, readBack: 'everySeconds: 0, onLostCode: accept' });
    const task = await town.refers();
    await missed(1);
    expect(await town.store.lostCodes('ash')).toMatchObject([{ system: SNOMED, code: DID_NOT_ATTEND, times: 1 }]);
    await missed(2);
    const legs = (await loopOf(town, task)).sent.filter(({ purpose }) => purpose === 'write-back');
    expect(legs.map(({ flags = [] }) => flags.map(({ rule }) => rule))).toEqual([[], ['code/lost-here']]);
    const flagged = await town.store.journal({ kind: 'leg.flagged', limit: 10 });
    expect(flagged).toMatchObject([{ detail: { leg: legs[1]?.id, partner: 'ash', rule: 'code/lost-here' } }]);
    const listed = await runCommand('codes', 'lost', '-c', town.configFile);
    expect(listed.printed).toMatch(new RegExp(`ash .*${SNOMED}\\|${DID_NOT_ATTEND}`));
    const json = await runCommand('codes', 'lost', '--json', '-c', town.configFile);
    expect(JSON.parse(json.printed)).toMatchObject({ partner: 'ash', code: DID_NOT_ATTEND, times: 2 });
  });

  it('closes the loop labelled where the practice accepts it', async () => {
    town = await startAshTown({ habits: { dictionary: NO_CODES }, readBack: 'everySeconds: 0, onLostCode: accept' });
    const task = await town.refers();
    await town.says({ status: 'accepted' }, { status: 'did-not-attend' }, { status: 'closed-completed' });
    const loop = await untilClosed(town, task);
    expect(loop.closure).toMatchObject({ level: 'read-back', labels: [expect.stringMatching(/code lost/)] });
  });

  it('gets what the practice chose instead, once it is known to lose the code', async () => {
    const instead = `instead: [{ lost: "${SNOMED}|${DID_NOT_ATTEND}", use: "https://ash.example/codes|DNA" }]`;
    town = await startAshTown({
      habits: { dictionary: new Set(['DNA']) },
      readBack: `everySeconds: 0, onLostCode: accept, ${instead}`,
    });
    await town.refers();
    await missed(1);
    await town.says({ status: 'did-not-attend', note: 'Again.' });
    await until('it was kept', async () => (await town.store.counts())['reading.kept'] === 1);
    const codes = town.record
      .resources()
      .flatMap((one) => (one.resourceType === 'Observation' ? (one.code.coding ?? []) : []))
      .map(({ system, code }) => `${system}|${code}`);
    expect(codes).toEqual(['https://ash.example/codes|DNA']);
  });

  it('waits for a person, who reads again once the practice has mended it, or takes it as it is', async () => {
    town = await startAshTown({ habits: { dictionary: NO_CODES } });
    const task = await town.refers();
    await town.says({ status: 'did-not-attend' }, { status: 'closed-completed' });
    const mended = await untilHeld(town, 'not-kept');
    await personDecides(town, mended, 'retry', 'they looked again');
    const again = await until('it is asked again', async () =>
      (await town.store.holds({ open: true })).find(({ kind, id }) => kind === 'not-kept' && id !== mended.id),
    );
    await personDecides(town, again, 'abandon', 'the text is enough for them');
    const loop = await untilClosed(town, task);
    expect(loop.closure.labels).toEqual([expect.stringMatching(/taken by a person.*code lost/)]);
  });

  it('holds up nobody else while a person is asked', async () => {
    town = await startAshTown({ habits: { dictionary: NO_CODES } });
    const task = await town.refers();
    await town.says({ status: 'did-not-attend' });
    await untilHeld(town, 'not-kept');
    await town.says({ status: 'waiting-list', reason: 'No befriender is free.' });
    await untilLoop(town, task, 'the next entry was read back', ({ acknowledged }) =>
      acknowledged.some(({ ack }) => ack === 'read-back'),
    );
  });
});
