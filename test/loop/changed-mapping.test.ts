import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSetup } from '../../src/cli/read-setup.ts';
import { type Reloading, reloadOnChange } from '../../src/cli/reload.ts';
import { diskIo } from '../../src/config/disk.ts';
import type { Log } from '../../src/ports.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilIs } from '../fixtures/town/look.ts';
import {
  caseOf,
  copyMappings,
  inward,
  OUTWARD_CASE,
  type OwnMappings,
  outward,
} from '../fixtures/town/own-mappings.ts';
import { type PlainPlatform, report, startPlainPlatform } from '../fixtures/town/plain-platform.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const reading = (version: number, note: string) =>
  inward('live/report', 'json', { ref: 'ref', status: 'status', note }, version).replace(
    'result:',
    'functions: [loud]\nresult:',
  );
const MAPPINGS = {
  'live/referral.map.yaml': outward('live/referral', 'json', ['ref: "{{ %referral }}"']),
  'live/referral.full.case.yaml': OUTWARD_CASE,
  'live/report.map.yaml': reading(1, 'note'),
  'live/report.named.case.yaml': caseOf({ ref: 'r-1', status: 'accepted' }, 'r-1'),
  'live/loud.fn.ts': 'export function loud(text: string): string {\n  return text.toUpperCase();\n}\n',
  'live/loud.fn.case.yaml': 'name: It is loud.\ncases: [{ text: a, expect: A }]\n',
};

let town: Town;
let mappings: OwnMappings;
let platform: PlainPlatform;
let reloading: Reloading;
const logged: [string, Readonly<Record<string, unknown>>][] = [];
const note: Log['warn'] = (event, fields = {}) => void logged.push([event, fields]);

beforeEach(async () => {
  logged.length = 0;
  mappings = copyMappings(MAPPINGS);
  platform = await startPlainPlatform();
  const log = { info: note, warn: note, error: note };
  town = await startTown({
    log,
    mappings: mappings.directory,
    partners: platform.partner('live'),
    routes: ['- { name: all, to: [live], all: true }'],
  });
  const io = diskIo(process.env);
  const { setup } = await readSetup(town.configFile, io);
  if (setup === undefined) throw new Error('the configuration is wrong');
  reloading = reloadOnChange({ engine: town.engine(), setup, file: town.configFile, io, log });
});
afterEach(async () => {
  reloading.stop();
  await town.stop();
  await platform.stop();
  mappings.remove();
});

const journal = (kind: string) => town.store.journal({ kind, limit: 100 });

describe('mappings that change while messages flow', () => {
  it('are used from the next message on when they are right, and not at all when they are wrong', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const { body } = await until('it arrived', () => platform.arrived()[0]);
    const { ref } = JSON.parse(body);
    const say = (status: string, words: string) =>
      report(town, { to: 'live', contentType: 'application/json', body: JSON.stringify({ ref, status, note: words }) });
    const noted = async () => {
      const events = await town.store.events((await town.store.resource('Task', task))?.referral ?? '');
      return events.map((one) => one.note ?? '').join(' ');
    };
    const loadedAtStart = (await journal('mapping.loaded')).length;
    await say('accepted', 'first');
    await untilIs(town, task, 'accepted');
    expect(await noted()).toContain('first');

    // Noticed by itself: the file is written, and that is all.
    mappings.write('live/report.map.yaml', reading(2, 'note.loud()'));
    await until('it is loaded', async () => (await journal('mapping.loaded')).length > loadedAtStart);
    // Written down before it is used: another look comes after the one that is under way.
    await reloading.look();
    expect((await journal('mapping.loaded')).at(-1)?.detail).toMatchObject({ mapping: 'live/report', version: 2 });
    await say('in-progress', 'second');
    await untilIs(town, task, 'in-progress');
    expect(await noted()).toContain('SECOND');

    // Wrong in four ways, one after the other: a typo, a case that does not hold, a version not counted up, and a function.
    const wrong: [string, string, string, string][] = [
      ['live/report.map.yaml', reading(3, 'note.lowd()'), 'mapping/unknown-function', 'live/report.map.yaml'],
      [
        'live/report.named.case.yaml',
        caseOf({ ref: 'r-1' }, 'r-2'),
        'mapping/case-failed',
        'live/report.named.case.yaml',
      ],
      ['live/report.map.yaml', reading(2, 'note'), 'mapping/version-not-counted', 'live/report.map.yaml'],
      [
        'live/loud.fn.ts',
        'export function loud(text: string): string {\n  return text.toLowerCase();\n}\n',
        'mapping/case-failed',
        'live/loud.fn.case.yaml',
      ],
      [
        'live/loud.fn.ts',
        'export function loud(text: string): string {\n  return `${text}${Date.now()}`;\n}\n',
        'mapping/function-file',
        'live/loud.fn.ts',
      ],
    ];
    for (const [file, text, rule, where] of wrong) {
      const right = mappings.read(file);
      const before = (await journal('mapping.refused')).length;
      mappings.write(file, text);
      await reloading.look();
      const said = (await journal('mapping.refused')).slice(before);
      expect(said[0]?.detail).toMatchObject({ rule, file: expect.stringContaining(where) });
      expect(logged).toContainEqual(['mapping.refused', expect.objectContaining({ rule })]);
      mappings.write(file, right);
    }
    await reloading.look();
    await say('completed', 'third');
    await untilClosed(town, task);
    expect(await noted()).toContain('THIRD');
    expect(JSON.stringify(logged)).not.toMatch(/first|SECOND|THIRD/);

    const [loop] = await town.store.loops({ limit: 1 });
    const read = (await town.store.messagesOf(loop?.id ?? '')).flatMap(({ mapping }) => mapping?.version ?? []);
    expect(read).toEqual([1, 2, 2]);
    const kept = await town.store.keptMappings({ name: 'live/report' });
    expect(kept.map(({ version, files }) => [version, files.map(({ file }) => file)])).toEqual([
      [1, ['live/report.map.yaml', 'live/loud.fn.ts']],
      [2, ['live/report.map.yaml', 'live/loud.fn.ts']],
    ]);
  });

  it('stop a start when one changed without its version', async () => {
    await town.stopEngine();
    mappings.write('live/report.map.yaml', reading(1, 'note.loud()'));
    await expect(town.startEngine()).rejects.toThrow('Write version: 2 or higher');
    mappings.write('live/report.map.yaml', reading(2, 'note.loud()'));
    await town.startEngine();
  });
});
