import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EmisStyle, startEmisStyle } from '../../../../docker/simulators/gp-emis-style/practice.ts';
import { changesText, recordsText, recordText } from '../../../../docker/simulators/gp-record/record-text.ts';
import { type SystmOneStyle, startSystmOneStyle } from '../../../../docker/simulators/gp-systmone-style/practice.ts';
import { sendOneMessage } from '../../../../src/cli/hl7-client.ts';
import { NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { fhirDoor, MARIGOLD, score, TOKEN } from '../../../fixtures/simulators/fhir-door.ts';
import { result } from '../../../fixtures/simulators/hl7-results.ts';

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'&';
/** Clears the screen, changes the window's title, begins a line of its own and turns the direction of reading. */
const ESCAPES = '\u001b[2J\u001b]0;owned\u0007\r\n2026-01-01  Forged (Dr Nobody)\u202e';
const now = () => new Date('2026-11-21T08:00:00Z');

let emis: EmisStyle;
let systmone: SystmOneStyle;
beforeEach(async () => {
  const patients = [MARIGOLD];
  emis = await startEmisStyle({ port: 0, token: TOKEN, patients, now });
  systmone = await startSystmOneStyle({ port: 0, patients, now });
});
afterEach(async () => {
  await Promise.all([emis.stop(), systmone.stop()]);
});

const records = () => [emis, systmone].map(({ record }) => record.patient(NHS_NUMBER));

/** The same outcome, told to both. */
async function tellBoth(term = 'SWEMWBS score', note = 'Feels better.'): Promise<void> {
  const coding = score('x').code.coding ?? [];
  await fhirDoor(emis.address).write(score('one', { code: { coding, text: term }, note: [{ text: note }] }));
  const escaped = (text: string) =>
    text.replace(/[|^~\\&]/g, (sign) => `\\X${sign.charCodeAt(0).toString(16)}\\`).replace(/\r\n/g, '\\.br\\');
  const obx = `OBX|1|NM|718466001^${escaped(term)}^SCT||19|^score|||||F|||20261120||77^Okoro^Sam`;
  const text = result({ id: 'M1', rest: [obx, `NTE|1||${escaped(note)}`] });
  await sendOneMessage(text, { host: '127.0.0.1', port: systmone.port, timeoutMs: 10_000 });
  systmone.file('M1');
}

describe('the record of one person in both styles', () => {
  it('is text that can be compared line by line', async () => {
    const before = recordsText(records());
    await tellBoth();
    expect(changesText(before, recordsText(records()))).toEqual([
      '  EMIS-style record of Marigold Thistlewood, NHS 9990000018, born 1951-03-07, female',
      '+ 2026-11-20  Social prescribing  (Sam Okoro, Riverside Casework, entered by Gateway user)',
      '+     718466001 SNOMED       SWEMWBS score = 19 score  Feels better.  [recorded 2026-11-21; patient can see]',
      '  ',
      '  SystmOne-style record of Marigold Thistlewood, NHS 9990000018, born 1951-03-07, female',
      '+ 2026-11-20  Social prescribing  (Gateway user, entered by Gateway user)',
      '+     718466001 SNOMED       SWEMWBS score = 19 score  Feels better. Author: Sam Okoro  [recorded 2026-11-21; patient can see]',
      '- (nothing filed)',
      '- (nothing filed)',
    ]);
    expect(recordsText(records())).toEqual(recordsText(records()));
  });

  it('is text, a page or data, as whoever asks prefers', async () => {
    await tellBoth();
    for (const { url, record } of [emis, systmone]) {
      const ask = async (accept: string) =>
        (await fetch(`${url}/record/${NHS_NUMBER}`, { headers: { accept } })).text();
      expect(await ask('text/plain')).toBe(`${recordText(record.patient(NHS_NUMBER)).join('\n')}\n`);
      expect(JSON.parse(await ask('application/json'))).toEqual(record.patient(NHS_NUMBER));
      const page = await ask('text/html');
      for (const part of [
        '<td>Coded</td>',
        '<td>718466001</td>',
        '<td>SNOMED</td>',
        '<td>score</td>',
        'entered by Gateway user',
        'patient can see',
      ])
        expect(page).toContain(part);
    }
  });

  it('is cut to a width only when one is given', async () => {
    await tellBoth('SWEMWBS score', 'x'.repeat(200));
    for (const record of records()) {
      expect(recordText(record).some((line) => line.length > 200)).toBe(true);
      expect(Math.max(...recordText(record, 110).map((line) => line.length))).toBe(110);
    }
  });
});

describe('what somebody filed to do harm', () => {
  it('stays text in both pages, which may run nothing anyway', async () => {
    emis.record.register({ ...MARIGOLD, given: SCRIPT });
    systmone.record.patients.register({ ...MARIGOLD, given: SCRIPT });
    await tellBoth(SCRIPT, SCRIPT);
    for (const url of [emis.url, systmone.url]) {
      for (const path of ['/record', `/record/${NHS_NUMBER}`]) {
        const response = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
        const page = await response.text();
        expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
        expect(page).not.toMatch(/<script|<img|onerror=alert\(2\)>"/);
        expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      }
    }
  });

  it('moves nothing on the terminal and begins no line', async () => {
    await tellBoth(ESCAPES, ESCAPES);
    for (const record of records()) {
      const lines = recordText(record);
      expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(lines.join('\n')).toContain('\\u{1b}[2J');
      expect(lines.filter((line) => line.startsWith('2026-01-01'))).toEqual([]);
      expect(lines).toHaveLength(3);
    }
  });

  it('stays text in the inbox too', async () => {
    systmone.record.patients.register({ ...MARIGOLD, nhsNumber: SCRIPT.replace(/[&|^~\\]/g, '') });
    const nhsNumber = SCRIPT.replace(/[&|^~\\]/g, '');
    const text = result({ id: 'M1', nhsNumber });
    await sendOneMessage(text, { host: '127.0.0.1', port: systmone.port, timeoutMs: 10_000 });
    const page = await (await fetch(`${systmone.url}/inbox`)).text();
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|<img/);
  });
});
