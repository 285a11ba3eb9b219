import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { type AshTown, startAshTown } from '../fixtures/records/ash-town.ts';
import { loopOf, untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { runCommand } from '../fixtures/town/run-command.ts';

let town: AshTown;
afterEach(() => town.stop());

const HELPED = {
  status: 'closed-completed',
  note: 'Joined a walking group.',
  after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] },
} as const;

const sha256 = (bytes: Uint8Array | string | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

async function certificate(loop: string, ...more: string[]): Promise<string> {
  const { printed, status } = await runCommand('loop', loop, '--certificate', ...more, '-c', town.configFile);
  expect(status).toBe(0);
  return printed;
}

describe('the certificate of a loop', () => {
  it('says what was promised, sent, acknowledged and read back, with the digests of the very bytes', async () => {
    town = await startAshTown();
    const task = await town.refers();
    await town.says({ status: 'accepted' }, HELPED);
    const { id, readings } = await untilClosed(town, task);
    const text = await certificate(id);

    expect(text).toContain(`CERTIFICATE OF LOOP ${id}`);
    expect(text).toMatch(/^closed 20/m);
    expect(text).toContain('the GP was told: read-back');
    expect(text).not.toContain('label:');
    for (const bundle of town.record.taken) expect(text).toContain(`sha256:${sha256(JSON.stringify(bundle))}`);
    for (const message of readings.flatMap(({ messages }) => messages)) {
      expect(text).toContain(`sha256:${sha256((await town.store.message(message))?.body)}`);
    }
    for (const report of await town.store.messagesOf(id)) {
      if (report.identity.startsWith('msg_')) expect(text).toContain(`sha256:${sha256(report.body)}`);
    }
    expect(text).toMatch(/tell-gp: hearback to ash, by .*, at the level read-back; kept .* as read-back by /);
    expect(text).toMatch(/write-back to ash: acknowledged .* \(read-back\), attempts 1/);
    expect(text).toMatch(
      /Observation [0-9a-f-]{36}: kept \(entry kept, patient kept, code kept, value kept, date kept, author kept/,
    );
  });

  it('is the same whenever it is asked for, and holds nothing of what a message held', async () => {
    town = await startAshTown();
    const task = await town.refers();
    await town.says(HELPED);
    const { id } = await untilClosed(town, task);
    const [text, json] = [await certificate(id), await certificate(id, '--json')];
    expect(await certificate(id)).toBe(text);
    expect(await certificate(id, '--json')).toBe(json);
    for (const held of [NHS_NUMBER, 'Thistlewood', 'Marigold', 'walking group', 'Ayo Bankole', '1951']) {
      expect(text + json).not.toContain(held);
    }
    expect(JSON.parse(json)).toMatchObject({
      referral: id,
      status: 'closed',
      closure: { level: 'read-back', labels: [] },
    });
  });

  it('names what is lost, and who took it so', async () => {
    town = await startAshTown({ habits: { dictionary: new Set() } });
    const task = await town.refers();
    await town.says({ status: 'did-not-attend' }, { status: 'closed-completed' });
    const hold = await untilHeld(town, 'not-kept');
    const { id } = await loopOf(town, task);
    expect(await certificate(id)).toContain('NOT CLOSED');
    expect(await certificate(id)).toMatch(/not-kept about ash: OPEN/);
    await personDecides(town, hold, 'abandon', 'the text is enough');
    await untilClosed(town, task);
    const text = await certificate(id);
    expect(text).toMatch(
      /label: write-back .*taken by a person as it is: Observation .*: code lost \(it is filed as text\)/,
    );
    expect(text).toMatch(/NOT AS SENT: Observation .*: code lost/);
    expect(text).toMatch(/not-kept about ash: resolved 20.* by user:pat/);
    expect(text).not.toContain(`user:${userInfo().username}`);
  });

  it('of a loop that is not there is refused', async () => {
    town = await startAshTown();
    const { status, errors } = await runCommand('loop', 'nowhere', '--certificate', '-c', town.configFile);
    expect([status, errors.trim()]).toEqual([1, 'There is no loop nowhere.']);
  });
});
