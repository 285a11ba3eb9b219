import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CSV_HEADER, csvCell, csvOfEntry } from '../../../src/console/log/log-csv.ts';
import { criteriaOf, logQueryOf, logSearchInWords, readLogSearch } from '../../../src/console/log/log-search.ts';
import { type Frame, renderPage } from '../../../src/console/render.ts';
import { readTlogProof } from '../../../src/core/seal/tlog-proof.ts';
import { verifyExport } from '../../../src/journal/verify-export.ts';
import { changes, entry, newReferral } from '../../contract/store/samples.ts';
import { ATTACK, attacked, worksIn } from '../../fixtures/console/attacked.ts';
import type { Browser } from '../../fixtures/console/browser-by-hand.ts';
import { type ConsoleDoor, openConsoleDoor } from '../../fixtures/console/console-door.ts';
import { testKey } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';

const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields);

describe('the search form of the log', () => {
  it('is read: what is empty is not asked for, days and instants are taken', () => {
    const { search, problems } = readLogSearch(
      form({ nhsNumber: '', kind: ' loop.closed ', since: '2026-11-01', until: '2026-11-02T09:00' }),
    );
    expect(problems).toEqual([]);
    expect(logQueryOf(search, undefined)).toEqual({
      ...{ kind: 'loop.closed', since: '2026-11-01T00:00:00.000Z', until: '2026-11-02T09:00:00.000Z' },
    });
    expect(criteriaOf(search)).toBe('kind since until');
  });

  it('says what is wrong and repeats nothing of it', () => {
    const wrong = { nhsNumber: '9991000017', reference: 'x'.repeat(401), since: 'tuesday', message: 'm' };
    const { problems } = readLogSearch(form(wrong));
    expect(problems.map(({ href }) => href)).toEqual(['#nhsNumber', '#reference', '#since', '#reference']);
    expect(JSON.stringify(problems)).not.toMatch(/999100|xxx|tuesday/);
  });

  it('is said again without the NHS number', () => {
    const { search } = readLogSearch(form({ nhsNumber: '999 100 0015' }));
    expect(search).toEqual({ nhsNumber: '9991000015' });
    expect(logSearchInWords(search)).toEqual(['NHS number ends in 015']);
  });
});

describe('the log as CSV', () => {
  it.each(['=1+1', '+1', '-1', '@x', '|x', '%x', ' =1', '\t=1', '\r=1', '\n=1'])('runs no formula: %j', (text) => {
    const [[cell] = []] = parse(`${csvCell(text)}\n`, { relax_column_count: true }) as string[][];
    expect(cell).toBe(`'${text}`);
  });

  it('holds what the entries hold, whatever that is', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !/^[\s]*[=+\-@|%]|^[\t\r\n]/.test(one));
    fc.assert(
      fc.property(text, text, (actor, word) => {
        const lines = CSV_HEADER + csvOfEntry({ seq: 7, at: 'x', kind: 'k', actor, detail: { word } });
        const [row] = parse(lines, { columns: true }) as Record<string, string>[];
        expect(row).toMatchObject({ seq: '7', actor, referral: '', message: '' });
        expect(JSON.parse(row?.['detail'] ?? '')).toEqual({ word });
      }),
    );
  });
});

describe('pages of the log', () => {
  const frame: Frame = {
    ...{ nonce: 'n', assets: '/x/', navigation: [], formToken: 't', here: '/console' },
    madeAt: '2026-11-26T08:00:00.000Z',
  };
  const listed = {
    ...{ seq: '1', at: 'x', kind: 'k', actor: 'a', href: 'h', said: 's' },
    ...{ referral: { id: 'r', href: 'h' }, message: { id: 'm', href: 'h' } },
  };
  const fault = { kind: 'entry-changed', seq: 3, index: 2, lastIndex: 4, checkpoint: 5, message: 'm', what: 'w' };

  it.each([
    [
      'log',
      {
        asked: ['x'],
        form: { actor: 'a', kind: 'k' },
        partners: [{ value: 'p', text: 'p' }],
        entries: [listed],
        sealed: { size: 1, at: 'x' },
        key: 'k',
        search: 's',
        first: 'f',
      },
    ],
    [
      'log-entry',
      {
        ...listed,
        details: [{ name: 'n', value: 'v' }],
        proof: { holds: true, signed: true, index: 1, size: 2, file: 'f', leaf: 'l', path: ['p'], checkpoint: 'c' },
        key: 'k',
      },
    ],
    ['log-entry', { ...listed, details: [], unproved: 'u' }],
  ])('%s shows nothing as markup', (view, model) => {
    const html = renderPage({ view, title: 'x', model: { ...attacked(model), isSearched: true } }, frame);
    expect(html.split('&lt;script&gt;').length).toBeGreaterThan(5);
    expect(worksIn(html)).toEqual([]);
  });

  it('say that an entry hands the log over and is not signed by its key', () => {
    const html = (handOversNotSigned: readonly number[]) => {
      const figures = { entries: 9, bodies: 1, unsealed: 0, handOversNotSigned };
      const model = { kind: 'whole', figures, startedAt: frame.madeAt, endedAt: frame.madeAt, log: '/l' };
      return renderPage({ view: 'verification', title: 'x', model }, frame);
    };
    expect(html([7])).toContain('Entry 7 hands the log over to another key, and the log’s key has not signed that');
    expect(html([])).not.toContain('hands the log over');
  });

  it('nor does a verification, which names what is wrong', () => {
    const model = { ...attacked({ fault, startedAt: 'x', log: 'l' }), kind: 'wrong' };
    const html = renderPage({ view: 'verification', title: 'x', model }, frame);
    expect(worksIn(html)).toEqual([]);
    expect(html).toContain('First wrong entry: 3');
    expect(html).toContain('Leaf: 2 to 4');
  });
});

describe('the log in the console', () => {
  let door: ConsoleDoor;
  let auditor: Browser;
  beforeAll(async () => {
    door = await openConsoleDoor();
    await door.record.apply(
      changes({
        referral: newReferral('r1'),
        journal: [
          entry('event.recorded', { referral: 'r1', detail: { event: 'e1' } }),
          entry('hold.opened', { detail: { reason: ATTACK }, actor: 'user:=cmd' }),
        ],
      }),
    );
    auditor = await door.signedIn('ada', { roles: ['auditor'] });
    await sealAll(door.record);
  });
  afterAll(() => door.stop());

  const entriesOf = (kind: string) => door.record.journal({ kind, limit: 100 });
  const search = async (fields: Readonly<Record<string, string>>) => {
    await auditor.get('/console/log');
    const sent = await auditor.post('/console/log', fields);
    return { sent, page: await auditor.get(sent.location ?? '/none') };
  };

  it('is searched without anything that was searched for in an address, and the search is an entry', async () => {
    const before = (await entriesOf('log.searched')).length;
    const { sent, page } = await search({ reference: 'r1' });
    expect(sent.location).toMatch(/^\/console\/log\?search=[\w-]+$/);
    expect(page.text).toContain('event.recorded');
    expect(page.text).not.toContain('hold.opened');
    const own = (await entriesOf('log.searched')).slice(before);
    expect(own.at(-1)).toMatchObject({ actor: 'user:ada', referral: 'r1', detail: { criteria: 'reference' } });
    expect(JSON.stringify(door.logged)).not.toContain('r1');
  });

  it('shows an entry with its proof, which the file proves too', async () => {
    const [first] = await door.record.journal({ kind: 'event.recorded', limit: 1 });
    const page = await auditor.get(`/console/log/${first?.seq}`);
    expect(page.text).toContain('Proved');
    const file = await auditor.get(`/console/log/${first?.seq}/proof`);
    expect(readTlogProof(file.text)?.checkpoint).toContain(testKey().name);
    for (const path of ['0', '999999', 'x', '-1']) expect((await auditor.get(`/console/log/${path}`)).status).toBe(404);
  });

  it('says of a changed entry that it is not the one that was sealed', async () => {
    const other = await openConsoleDoor();
    const browser = await other.signedIn('ada', { roles: ['auditor'] });
    await sealAll(other.record);
    const entries = await other.record.logEntries(0, 1);
    other.record.logEntries = async () => entries.map((one) => ({ ...one, actor: 'user:mallory' }));
    expect((await browser.get(`/console/log/${entries[0]?.seq}`)).text).toContain('is not the one that was sealed');
    await other.stop();
  });

  it('is exported as lines that verify offline, and as a table; each export is an entry', async () => {
    await auditor.get('/console/log');
    const lines = await auditor.post('/console/log/export', { as: 'ndjson', search: '' });
    expect(lines.headers.get('content-disposition')).toMatch(/^attachment; filename="hearback-log-[\dT-]+\.ndjson"$/);
    const verdict = await verifyExport(linesOf(lines.text), { keys: [testKey()] });
    expect(verdict).toMatchObject({ entries: expect.any(Number) });
    expect('kind' in verdict).toBe(false);
    const changed = lines.text.replace('"e1"', '"e2"');
    expect(await verifyExport(linesOf(changed), { keys: [testKey()] })).toMatchObject({ kind: 'entry-changed' });
    const table = await auditor.post('/console/log/export', { as: 'csv', search: '' });
    const rows = parse(table.text, { columns: true }) as Record<string, string>[];
    expect(rows.find(({ kind }) => kind === 'hold.opened')).toMatchObject({ actor: 'user:=cmd' });
    expect((await entriesOf('log.exported')).map(({ detail }) => detail['as'])).toEqual(['ndjson', 'csv']);
    expect((await auditor.post('/console/log/export', { as: 'exe', search: '' })).status).toBe(400);
  });

  it('is verified behind the page’s back; the result is an entry', async () => {
    await auditor.get('/console/log');
    const sent = await auditor.post('/console/log/verify');
    const page = await untilDone(auditor, sent.location ?? '');
    expect(page).toContain('Whole');
    expect(await entriesOf('log.verified')).toMatchObject([{ actor: 'user:ada', detail: { outcome: 'whole' } }]);
    const other = await door.signedIn('bea', { roles: ['auditor'] });
    expect((await other.get(sent.location ?? '')).status).toBe(404);
    expect((await other.get('/console/log/verify/last')).text).toContain('Whole');
  });

  it('names the first wrong entry', async () => {
    const other = await openConsoleDoor();
    const browser = await other.signedIn('ada', { roles: ['auditor'] });
    await sealAll(other.record);
    const read = other.record.logEntries;
    other.record.logEntries = async (seq, limit) =>
      (await read(seq, limit)).map((one) => (one.seq === 2 ? { ...one, actor: 'user:mallory' } : one));
    await browser.get('/console/log');
    const sent = await browser.post('/console/log/verify');
    expect(await untilDone(browser, sent.location ?? '')).toContain('First wrong entry: 2');
    await other.stop();
  });
});

async function untilDone(browser: Browser, path: string): Promise<string> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const { text } = await browser.get(path);
    if (!text.includes('Look again')) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the verification does not end');
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.trimEnd().split('\n');
}
