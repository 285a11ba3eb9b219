import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilHeld, untilIs } from '../fixtures/town/look.ts';
import { copyMappings, inward, type OwnMappings, outward } from '../fixtures/town/own-mappings.ts';
import { type PlainPlatform, report, startPlainPlatform } from '../fixtures/town/plain-platform.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const reading = (version: number, note: string) =>
  inward('live/report', 'json', { ref: 'ref', status: 'status', note }, version);
const sending = (version: number, line: string) =>
  outward('live/referral', 'json', ['ref: "{{ %referral }}"', line], version);
const MAPPINGS = {
  'live/referral.map.yaml': sending(1, 'name: "{{ %patient.name.family }}"'),
  'live/report.map.yaml': reading(1, 'note'),
};

let town: Town;
let mappings: OwnMappings;
let platform: PlainPlatform;
beforeEach(async () => {
  mappings = copyMappings(MAPPINGS);
  platform = await startPlainPlatform();
  town = await startTown({
    mappings: mappings.directory,
    partners: platform.partner('live'),
    routes: ['- { name: all, to: [live], all: true }'],
  });
});
afterEach(async () => {
  await town.stop();
  await platform.stop();
  mappings.remove();
});

async function changed(file: string, text: string): Promise<void> {
  await town.stopEngine();
  mappings.write(file, text);
  await town.startEngine();
}

describe('a message that is replayed with another version of its mapping', () => {
  it('shows first what would differ, is read by the chosen version, and can be explained by the one that read it', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const { ref } = JSON.parse((await until('it arrived', () => platform.arrived()[0])).body);
    const body = JSON.stringify({ ref, status: 'accepted', note: 'Secret words' });
    await report(town, { to: 'live', contentType: 'application/json', body });
    const { id } = await untilIs(town, task, 'accepted');
    const message = (await town.store.messagesOf(id)).find(({ mapping }) => mapping?.name === 'live/report')?.id ?? '';
    await changed('live/report.map.yaml', reading(2, "note & '!'"));

    const look = await runCommand('replay', message, '-c', town.configFile, '--dry-run', '--mapping-version', '2');
    expect(look).toMatchObject({ status: 0 });
    expect(look.printed).toContain('changed  /entry/0/resource/note/0/text\n');
    expect(look.printed).not.toContain('Secret');
    const unknown = await runCommand('replay', message, '-c', town.configFile, '--dry-run', '--mapping-version', '7');
    expect(unknown).toMatchObject({ status: 2, errors: expect.stringContaining('It keeps: 1 (') });

    const explained = await runCommand('mappings', 'explain', message, '-c', town.configFile);
    expect(explained.errors).toContain('live/report version 1');
    expect(explained.printed).toMatch(/entry\/0\/resource\/note\/0\/text .*\{\{ note \}\}/);
    expect(explained.printed).not.toContain('Secret');

    mappings.write('old.yaml', reading(1, 'note'));
    const over = ['--over-log', '-c', town.configFile, '--mappings', mappings.directory, '--partner', 'live'];
    const files = [join(mappings.directory, 'old.yaml'), join(mappings.directory, 'live/report.map.yaml')];
    const diff = await runCommand('mappings', 'diff', ...files, ...over, '--values', '--json');
    expect(diff.printed).toContain('"after":"\\"Secret words!\\""');
    expect(diff.printed.trim().split('\n').at(-1)).toBe('{"files":1,"changed":1}');
    expect(await town.store.journal({ kind: 'message.read', limit: 5 })).toMatchObject([{ message }]);

    expect(
      await runCommand(
        'replay',
        message,
        '-c',
        town.configFile,
        '--mapping-version',
        '2',
        '--reason',
        'the words were cut',
      ),
    ).toMatchObject({ status: 0 });
    await until('it was read again', async () => (await town.store.message(message))?.mapping?.version === 2);
    expect((await town.store.events(id)).map(({ note }) => note)).toContain('Secret words!');
    const [replayed] = await town.store.journal({ kind: 'message.replayed', limit: 5 });
    expect(replayed?.detail).toMatchObject({ as: 'onward', mappingDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('that was refused is made anew under another id, and one that was taken is not', async () => {
    platform.answerWith(({ body }) => (body.includes('"name"') ? 422 : 200));
    const { task } = await town.gp.refer(transactionReferral());
    await untilHeld(town, 'refused-delivery');
    const refused = platform.arrived()[0];
    const referral = (await town.store.resource('Task', task))?.referral ?? '';
    const messageOf = async (leg: string | undefined) => (await town.store.leg(leg ?? ''))?.message ?? '';
    await changed('live/referral.map.yaml', sending(2, 'called: "{{ %patient.name.family }}"'));
    const message = await messageOf(refused?.id);
    const wanted = ['replay', message, '-c', town.configFile, '--mapping-version', '2'];
    const look = await runCommand(...wanted, '--dry-run');
    expect(look.printed).toMatch(/removed {2}\/name\n {2}added {4}\/called\n/);
    expect(await runCommand(...wanted, '--reason', 'they renamed it')).toMatchObject({ status: 0 });

    const taken = await until('it was taken', () => platform.arrived().find(({ status }) => status === 200));
    expect(taken.id).not.toBe(refused?.id);
    expect(await until('nothing is held', async () => (await town.store.holds({ open: true })).length === 0)).toBe(
      true,
    );
    await until('the delivery is recorded', async () => (await town.store.leg(taken.id))?.status === 'acknowledged');
    expect((await town.store.leg(refused?.id ?? ''))?.status).toBe('abandoned');
    expect((await town.store.events(referral)).map(({ kind }) => kind)).toEqual(['requested']);
    const again = await runCommand(
      'replay',
      await messageOf(taken.id),
      '-c',
      town.configFile,
      '--mapping-version',
      '1',
      '--reason',
      'x',
    );
    expect(again).toMatchObject({ status: 1, printed: expect.stringContaining('The partner has taken it') });

    await report(town, {
      to: 'live',
      contentType: 'application/json',
      body: JSON.stringify({ ref: referral, status: 'completed' }),
    });
    await untilClosed(town, task);
  });
});
