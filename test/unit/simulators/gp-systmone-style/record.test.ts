import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isoTime, readHl7 } from '../../../../docker/simulators/gp-systmone-style/hl7-message.ts';
import { type SystmOneStyle, startSystmOneStyle } from '../../../../docker/simulators/gp-systmone-style/practice.ts';
import { sendOneMessage } from '../../../../src/cli/hl7-client.ts';
import { NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { framed, rawSender } from '../../../fixtures/mllp/raw-sender.ts';
import { MARIGOLD } from '../../../fixtures/simulators/fhir-door.ts';
import { document, result, SWEMWBS } from '../../../fixtures/simulators/hl7-results.ts';

const AT = '2026-11-21T08:00:00.000Z';
let practice: SystmOneStyle;
beforeEach(async () => {
  const now = () => new Date(AT);
  practice = await startSystmOneStyle({ port: 0, patients: [MARIGOLD], gatewayUser: 'Gateway, Hearback', now });
});
afterEach(() => practice.stop());

async function filed(text: string) {
  await sendOneMessage(text, { host: '127.0.0.1', port: practice.port, timeoutMs: 10_000 });
  practice.file(practice.inbox().at(-1)?.id ?? '');
  return practice.record.patient(NHS_NUMBER);
}

describe('a result in the record', () => {
  it('has the user of the gateway as author and as who entered it; the worker stays in the text', async () => {
    const { consultations } = await filed(result({ id: 'M1' }));
    expect(consultations).toMatchObject([
      {
        date: '2026-11-20',
        author: 'Gateway, Hearback',
        enteredBy: 'Gateway, Hearback',
        entries: [{ note: 'Author: Sam Okoro', recorded: AT }],
      },
    ]);
  });

  it('keeps code, system, value, unit, date and notes', async () => {
    const rest = [
      'OBR|1|SP-1||871731000000106^Referral to social prescribing service^SCT|||20261119',
      `OBX|1|NM|${SWEMWBS}||19|{score}^score`,
      'NTE|1||Better than in \\T\\ before spring.\\.br\\Said by Sam Okoro.',
      'OBX|2|CWE|state^State of the referral^L||done^Completed^L',
      'OBX|3|ST|^What the person said||Warm|||||F',
    ];
    const [consultation] = (await filed(result({ id: 'M1', rest }))).consultations;
    expect(consultation?.entries).toEqual([
      {
        at: '2026-11-19',
        code: '718466001',
        system: 'http://snomed.info/sct',
        term: 'Short Warwick-Edinburgh Mental Well-being Scale score',
        value: '19',
        unit: 'score',
        note: 'Better than in & before spring.\nSaid by Sam Okoro.',
        recorded: AT,
      },
      { at: '2026-11-19', code: 'state', system: 'L', term: 'State of the referral', value: 'Completed', recorded: AT },
      { at: '2026-11-19', term: 'What the person said', value: 'Warm', recorded: AT },
    ]);
  });

  it('keeps a comment that belongs to no observation', async () => {
    const record = await filed(result({ id: 'M1', rest: ['OBR|1||||||20261119', 'NTE|1||Could not be reached.'] }));
    expect(record.consultations[0]?.entries).toMatchObject([{ term: 'Comment', note: 'Could not be reached.' }]);
  });

  it.each([
    ['OBX-13', {}, `OBX|1|NM|${SWEMWBS}||19${'|'.repeat(8)}NOPAT`],
    ['MSH-8', { security: 'NOPAT' }, `OBX|1|NM|${SWEMWBS}||19`],
  ])('is hidden from the patient when %s says so, and seen otherwise', async (_name, said, obx) => {
    await filed(result({ id: 'M1' }));
    const [, , ...none] = (await filed(result({ id: 'M2', rest: [obx], ...said }))).consultations;
    expect(none).toEqual([]);
    const entries = practice.record.patient(NHS_NUMBER).consultations.flatMap((one) => one.entries);
    expect(entries.map((one) => one.hiddenFromPatient ?? false).sort()).toEqual([false, true]);
  });

  it('says what waits, and that it is no part of the record', async () => {
    await sendOneMessage(result({ id: 'M1' }), { host: '127.0.0.1', port: practice.port, timeoutMs: 10_000 });
    const record = practice.record.patient(NHS_NUMBER);
    expect(record).toMatchObject({ consultations: [], waiting: ['W1 ORU^R01, received 2026-11-21'] });
  });
});

describe('a response to a referral', () => {
  it('shows where the referral stands: what was said last', async () => {
    const rf1 = (state: string, id: string) =>
      ['', `RF1|${state}|R||||SP-77||||^No place free`, `NTE|1||${id}`].slice(1);
    await filed(result({ id: 'M1', type: 'RRI^I12^RRI_I12', rest: rf1('P^Pending^HL70283', 'Waits.') }));
    const record = await filed(
      result({ id: 'M2', type: 'RRI^I13^RRI_I12', rest: rf1('R^Rejected^HL70283', 'Sorry.') }),
    );
    expect(record.referrals).toEqual([{ state: 'SP-77: Rejected', said: 'No place free Sorry.' }]);
    expect(record.consultations).toEqual([]);
  });
});

describe('where a referral stands', () => {
  it.each([
    [
      'its own word beside the one of table HL70283',
      'RRI^I12^RRI_I12',
      'RF1|R^Rejected^HL70283^unmet-need^Nothing fits^L||||||||||R-1',
      'R-1: Rejected, Nothing fits',
    ],
    ['its own word alone', 'RRI^I14^RRI_I12', 'RF1|^^^cancelled^Cancelled^L|||||SP-77', 'SP-77: Cancelled'],
    [
      'the order of a result',
      'ORU^R01^ORU_R01',
      `ORC|RE|SP-77|||CM${'|'.repeat(20)}completed^Completed^L`,
      'SP-77: Completed',
    ],
  ])('is told by %s', async (_name, type, segment, state) => {
    expect((await filed(result({ id: 'M1', type, rest: [segment] }))).referrals).toEqual([{ state }]);
  });
});

describe('a document', () => {
  const content = Buffer.from('%PDF-1.7 invented');

  it('is held with its bytes, under the user of the gateway', async () => {
    const { documents } = await filed(document('D1', content));
    expect(documents).toEqual([
      {
        date: '2026-11-20',
        title: 'summary.pdf',
        author: 'Gateway, Hearback',
        enteredBy: 'Gateway, Hearback',
        note: 'Author: Sam Okoro',
        contentType: 'application/pdf',
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        recorded: AT,
      },
    ]);
  });

  it('that is restricted is hidden from the patient', async () => {
    expect((await filed(document('D1', content, {}, 'R'))).documents).toMatchObject([{ hiddenFromPatient: true }]);
  });
});

describe('reading HL7 v2', () => {
  it('understands escapes, other delimiters, repetitions and line ends', () => {
    const message = readHl7(Buffer.from('MSH#$*!%#A#B\r\nPID###1$x*2$y##a%b!T!c!X41!!Z!!open\n'));
    const pid = message?.first('PID');
    expect(pid?.repetitions(3).map((one) => one.component(2))).toEqual(['x', 'y']);
    expect(pid?.text(5)).toBe('a');
    expect(pid?.repetitions(5)[0]?.component(1, 2)).toBe('b%cA!open');
    expect(message?.header.text(3)).toBe('A');
  });

  it('reads Latin-1 where MSH-18 says so, and UTF-8 otherwise', () => {
    const text = (set: string, bytes: string) =>
      readHl7(Buffer.from(`MSH|^~\\&${'|'.repeat(16)}${set}\rPID|1||||${bytes}`, 'latin1'))
        ?.first('PID')
        ?.text(5);
    expect(text('8859/1', 'Caf\xe9')).toBe('Café');
    expect(text('UNICODE UTF-8', 'Caf\xc3\xa9')).toBe('Café');
  });

  it.each([
    ['20261120', '2026-11-20'],
    ['202611201030', '2026-11-20T10:30:00'],
    ['20261120103015.25+0100', '2026-11-20T10:30:15+01:00'],
    ['yesterday', ''],
  ])('%s is %s', (stamp, iso) => expect(isoTime(stamp)).toBe(iso));

  it('takes frames however they are cut', async () => {
    const sender = await rawSender(practice.port);
    for (const byte of framed(result({ id: 'M1' }))) sender.say(byte);
    await sender.hears(1);
    expect(practice.received()).toEqual([result({ id: 'M1' })]);
    sender.stop();
  });
});
