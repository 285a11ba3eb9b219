import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, untilClosed } from '../fixtures/town/look.ts';
import { copyMappings, inward, type OwnMappings, outward } from '../fixtures/town/own-mappings.ts';
import { type PlainPlatform, report, startPlainPlatform } from '../fixtures/town/plain-platform.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const NAME = "{{ %patient.name.given.first() & ' ' & %patient.name.family }}";
const MAPPINGS = {
  'flat/referral.map.yaml': outward('flat/referral', 'form', ['ref: "{{ %referral }}"', `name: "${NAME}"`]),
  'flat/report.map.yaml': inward('flat/report', 'form', { ref: 'ref', status: 'status', note: 'note' }),
  'tree/referral.map.yaml': outward('tree/referral', 'xml', [
    'referral:',
    '  "@ref": "{{ %referral }}"',
    `  client: "${NAME}"`,
  ]),
  'tree/report.map.yaml': inward('tree/report', 'xml', {
    ref: 'update.`@ref`',
    status: 'update.state',
    note: 'coalesce(update.note.`#text`, update.note)',
  }),
  'sheet/referral.map.yaml': outward('sheet/referral', 'json', ['ref: "{{ %referral }}"']),
  'sheet/report.map.yaml': inward('sheet/report', 'csv', { ref: 'ref', status: 'state', note: '`in words`' }),
};

let town: Town;
let mappings: OwnMappings;
let platform: PlainPlatform;
beforeEach(async () => {
  mappings = copyMappings(MAPPINGS);
  platform = await startPlainPlatform();
  town = await startTown({
    mappings: mappings.directory,
    partners: ['flat', 'tree', 'sheet'].flatMap((name) => platform.partner(name)),
    routes: ['- { name: all, to: [flat, tree, sheet], all: true }'],
  });
});
afterEach(async () => {
  await town.stop();
  await platform.stop();
  mappings.remove();
});

const TEXT = 'O"Neil & <Söhne>, {{ 1+1 }}';
const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

describe('platforms that speak in forms, in XML and in rows', () => {
  it('are sent what they read, and are understood in what they write', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const arrived = await until('all three have it', () => platform.arrived().length === 3 && platform.arrived());
    const of = (type: string) => arrived.find(({ contentType }) => contentType === type)?.body ?? '';
    const form = new URLSearchParams(of('application/x-www-form-urlencoded'));
    const ref = form.get('ref') ?? '';
    expect([...form.keys()]).toEqual(['ref', 'name']);
    expect(of('application/xml')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<referral ref="${ref}"><client>${form.get('name')}</client></referral>\n`,
    );
    expect(JSON.parse(of('application/json'))).toEqual({ ref });

    const said: [string, string, string][] = [
      [
        'flat',
        'application/x-www-form-urlencoded',
        String(new URLSearchParams({ ref, status: 'completed', note: `form ${TEXT}` })),
      ],
      [
        'tree',
        'text/xml',
        `<u:update xmlns:u="urn:u" ref="${ref}"><state>completed</state><note lang="en">xml ${xml(TEXT)}</note></u:update>`,
      ],
      [
        'sheet',
        'text/csv; charset=utf-8',
        `ref,state,in words\r\n${ref},completed,"row ${TEXT.replaceAll('"', '""')}"\r\n`,
      ],
    ];
    for (const [to, contentType, body] of said)
      expect((await report(town, { to, contentType, body })).status).toBe(202);
    await untilClosed(town, task);
    const notes = gpEntries(town)
      .map(({ note }) => note ?? '')
      .join('\n');
    for (const form of ['form', 'xml', 'row']) expect(notes).toContain(`${form} ${TEXT}`);
    const { id } = (await town.store.loops({ limit: 1 }))[0] ?? { id: '' };
    const read = (await town.store.messagesOf(id)).flatMap(({ partner, mapping }) =>
      mapping ? [[partner, mapping.name, mapping.version]] : [],
    );
    expect(read.sort()).toEqual([
      ['flat', 'flat/report', 1],
      ['sheet', 'sheet/report', 1],
      ['tree', 'tree/report', 1],
    ]);
    const recorded = await town.store.journal({ referral: id, kind: 'event.recorded', limit: 10 });
    expect(recorded.at(-1)?.detail).toMatchObject({
      mapping: expect.stringMatching('/report'),
      mappingVersion: 1,
      mappingDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('are told which form is read when they send another, and why a body cannot be read', async () => {
    const problem = async (to: string, contentType: string, body: string) => {
      const answer = await report(town, { to, contentType, body });
      return [answer.status, /"rule":"([^"]+)"/.exec(await answer.text())?.[1]];
    };
    expect(await problem('flat', 'application/json', '{"ref":"r"}')).toEqual([415, 'report/media-type']);
    expect(await problem('tree', 'application/json', '{"ref":"r"}')).toEqual([415, 'report/media-type']);
    expect(await problem('tree', 'application/xml', '<!DOCTYPE a><a/>')).toEqual([400, 'xml/doctype']);
    expect(await problem('sheet', 'text/csv', 'ref,state\n1,a\n2,b\n')).toEqual([400, 'csv/one-row']);
    expect(await problem('flat', 'application/x-www-form-urlencoded', '__proto__=1')).toEqual([
      400,
      'form/forbidden-key',
    ]);
    expect(await problem('flat', 'application/x-www-form-urlencoded', 'status=completed')).toEqual([
      422,
      'report/no-reference',
    ]);
    expect(await town.store.counts()).toMatchObject({ 'message.refused': 6 });
  });
});
