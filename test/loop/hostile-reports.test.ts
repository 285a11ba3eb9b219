import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilHeld, untilIs } from '../fixtures/town/look.ts';
import { copyMappings, inward, type OwnMappings, outward } from '../fixtures/town/own-mappings.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { type PlainPlatform, report, startPlainPlatform } from '../fixtures/town/plain-platform.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

/** A pattern on which a backtracking engine takes longer than anybody waits; what matches it is dropped from the note. */
const MAPPINGS = {
  'odd/referral.map.yaml': outward('odd/referral', 'json', ['ref: "{{ %referral }}"']),
  'odd/report.map.yaml': inward('odd/report', 'json', {
    ref: 'ref',
    status: 'status',
    note: "note.where(matches('^(a+)+$').not())",
  }),
};

const TEXTS = [
  'O"Neil","role":"admin',
  '{{ 1+1 }}',
  '{% if true %}x{% else %}',
  `${'a'.repeat(40)}!`,
  'x'.repeat(1_000_000),
];

let town: Town;
let mappings: OwnMappings;
let platform: PlainPlatform;
beforeEach(async () => {
  mappings = copyMappings(MAPPINGS);
  platform = await startPlainPlatform();
  town = await startTown({
    mappings: mappings.directory,
    partners: platform.partner('odd'),
    routes: ['- { name: all, to: [odd], all: true }'],
  });
});
afterEach(async () => {
  await town.stop();
  await platform.stop();
  mappings.remove();
});

describe('reports that hold what something on the way could read as more than a text', () => {
  it('keep their texts as they were, whatever they look like and however long they are', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const { ref } = JSON.parse((await until('it arrived', () => platform.arrived()[0])).body);
    for (const [index, note] of TEXTS.entries()) {
      const more = { '{% if true %}': { a: 1 }, '{{ ref }}': 'x', constructor: { name: 'y' }, at: index };
      const body = JSON.stringify({ ref, status: 'in-progress', note, ...more });
      const { status } = await report(town, { to: 'odd', contentType: 'application/json', body });
      expect(status).toBe(202);
    }
    const { id } = await untilIs(town, task, 'in-progress');
    const events = await until('all are recorded', async () => {
      const found = (await town.store.events(id)).filter(({ kind }) => kind === 'in-progress');
      return found.length === TEXTS.length && found;
    });
    expect(events.map(({ note }) => note)).toEqual(TEXTS);
  });

  it('are refused at the door when they name what every object has', async () => {
    const body = '{"ref":"r-1","status":"accepted","__proto__":{"status":"completed"}}';
    const answer = await report(town, { to: 'odd', contentType: 'application/json', body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('json/forbidden-key');
  });

  it('wait for a person when a word is none of ours, and are dropped whole', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const { ref } = JSON.parse((await until('it arrived', () => platform.arrived()[0])).body);
    const body = JSON.stringify({ ref, status: 'completed","display":"x', note: 'n' });
    await report(town, { to: 'odd', contentType: 'application/json', body });
    const hold = await untilHeld(town, 'failed-check');
    expect(JSON.stringify(hold.findings)).not.toContain('display\\":\\"x');
    await personDecides(town, hold, 'abandon', 'no word of ours');
    const { id } = await untilIs(town, task, 'requested');
    expect((await town.store.events(id)).map(({ kind }) => kind)).toEqual(['requested']);
  });
});
