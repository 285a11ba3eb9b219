import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { financialYearNamed, financialYearOf, financialYears } from '../../../src/console/outcomes/financial-year.ts';
import { newReadOutcomes } from '../../../src/console/outcomes/read-outcomes.ts';
import { viewOutcomes } from '../../../src/console/outcomes/view-outcomes.ts';
import { type Frame, renderPage } from '../../../src/console/render.ts';
import type { Measurement } from '../../../src/core/outcomes/measurement.ts';
import { outcomeFigures } from '../../../src/core/outcomes/outcome-figures.ts';
import type { ReferralFacts } from '../../../src/core/outcomes/outcome-measures.ts';
import { USUAL_WINDOW } from '../../../src/core/outcomes/pairs.ts';
import { changes, newReferral } from '../../contract/store/samples.ts';
import { attacked, worksIn } from '../../fixtures/console/attacked.ts';
import { type ConsoleDoor, openConsoleDoor } from '../../fixtures/console/console-door.ts';
import { instrumentOf } from '../../fixtures/instruments/shipped.ts';

const instrument = instrumentOf('wemwbs');

function facts(count: number, more: Partial<ReferralFacts> = {}): ReferralFacts[] {
  return Array.from({ length: count }, (_, number): ReferralFacts => {
    const id = `${more.referrer ?? 'elm-tree'}-${number}`;
    return {
      ...{
        referral: id,
        person: id,
        openedAt: '2026-05-01T09:00:00.000Z',
        open: true,
        state: 'in-progress',
        held: false,
      },
      ...{
        measurements: [],
        referrer: 'elm-tree',
        platforms: ['casework'],
        stage: 'started',
        outcome: false,
        reasons: [],
      },
      ...more,
    };
  });
}

const measured = instrument.scores.slice(0, 1).flatMap((score): Measurement[] => [
  { instrument, score, day: '2026-05-02', value: 30 },
  { instrument, score, day: '2026-08-02', value: 42 },
]);

async function model(all: readonly ReferralFacts[]) {
  const figures = await outcomeFigures(all, { window: USUAL_WINDOW, under: 5 });
  const partners = [{ id: 'elm-tree', name: 'Elm Tree Surgery' }];
  const displayOf = (_: string, code: string) => (code === '1' ? 'Housing problem' : undefined);
  return viewOutcomes({ figures, year: '2026-27', scope: 'all', partners, displayOf });
}

describe('a financial year', () => {
  it.each([
    ['2026-03-31T23:59:59.999Z', '2025-26'],
    ['2026-04-01T00:00:00.000Z', '2026-27'],
    ['1999-12-31T00:00:00.000Z', '1999-00'],
  ])('%s belongs to %s', (instant, name) => {
    expect(financialYearOf(instant).name).toBe(name);
    expect(financialYearNamed(name)).toEqual(financialYearOf(instant));
  });

  it('is listed from the first to the last, and none of another name is known', () => {
    expect(financialYears('2024-05-01T00:00:00Z', '2026-01-01T00:00:00Z').map(({ name }) => name)).toEqual([
      ...['2025-26', '2024-25'],
    ]);
    expect(['2026-28', '26-27', '', '../..'].map(financialYearNamed)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what the page of outcomes shows', () => {
  it('links every printed figure to the loops behind it, and no hidden one', async () => {
    const shown = await model([
      ...facts(7),
      ...facts(2, { referrer: 'ash', state: 'declined', open: false }),
      ...facts(9, { referrer: 'oak' }),
    ]);
    expect(shown.referrals).toEqual({ text: '18', hidden: false, href: '/console/outcomes/2026-27/all/referrals' });
    const cells = shown.partners.flatMap((one) => one.cells);
    expect(cells.filter(({ hidden }) => hidden).length).toBeGreaterThan(0);
    expect(cells.filter(({ hidden, href }) => hidden && href !== undefined)).toEqual([]);
    expect(JSON.stringify(shown)).not.toContain('"text":"2"');
  });

  it('calls codes what the terminology calls them, and partners what the configuration does', async () => {
    const shown = await model([...facts(6, { reasons: ['s|1', 's|sha256:0123456789abcdef'] })]);
    expect(shown.reasons.map(({ name }) => name)).toEqual([
      'Housing problem (1)',
      expect.stringContaining('a code that is not shown (sha256:0123456789ab'),
    ]);
    expect(shown.partners.map(({ name }) => name)).toEqual(['Referred by Elm Tree Surgery', 'Sent to casework']);
  });

  it('shows pairs with n, who is missing, and means of the pairs', async () => {
    const shown = await model([...facts(6, { measurements: measured }), ...facts(8, { referrer: 'oak' })]);
    expect(shown.scores).toMatchObject([
      { means: { before: '30', after: '42', change: '+12' }, missing: [{ count: { text: '8' } }] },
    ]);
  });

  it('shows nothing as markup, whatever its texts are', async () => {
    const frame: Frame = {
      ...{ nonce: 'n', assets: '/x/', navigation: [], formToken: 't', here: '/console' },
      madeAt: '2026-11-26T08:00:00.000Z',
    };
    const shown = await model([
      ...facts(6, { measurements: measured, reasons: ['s|1'] }),
      ...facts(2, { referrer: 'oak' }),
    ]);
    const page = {
      ...shown,
      years: [{ value: 'y', text: 'y' }],
      scopes: [{ value: 'y', text: 'y' }],
      scopeName: 'x',
      readAt: 'x',
    };
    const html = renderPage({ view: 'outcomes', title: 'x', model: attacked(page) }, frame);
    expect(html.split('&lt;script&gt;').length).toBeGreaterThan(50);
    expect(worksIn(html)).toEqual([]);
  });
});

describe('reading a year', () => {
  const year = financialYearOf('2026-05-01T00:00:00Z');
  const clock = { now: () => new Date('2026-11-26T08:00:00.000Z') };

  it('says how far it is while it takes time, and reads once for all who ask', async () => {
    let reads = 0;
    let finish = (_: ReferralFacts[]): void => undefined;
    const read = newReadOutcomes(
      {
        readOutcomes: (_, onProgress) => {
          reads += 1;
          onProgress(3);
          return new Promise((resolve) => {
            finish = resolve;
          });
        },
      },
      clock,
      { waitMs: 1 },
    );
    expect(await read({ year })).toEqual({ kind: 'reading', referrals: 3 });
    expect(await read({ year, limits: ['oak'] })).toEqual({ kind: 'reading', referrals: 3 });
    finish([...facts(6), ...facts(7, { referrer: 'oak' })]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [all, own] = await Promise.all([read({ year }), read({ year, limits: ['oak'] })]);
    expect(all.kind === 'ready' && all.figures.count('all', 'referrals')).toBe(13);
    expect(own.kind === 'ready' && own.figures.count('all', 'referrals')).toBe(7);
    expect(reads).toBe(1);
  });

  it('is tried again after it failed', async () => {
    let reads = 0;
    const readOutcomes = async () => {
      reads += 1;
      if (reads === 1) throw new Error('the record is gone');
      return facts(6);
    };
    const read = newReadOutcomes({ readOutcomes }, clock);
    await expect(read({ year })).rejects.toThrow('gone');
    expect(await read({ year })).toMatchObject({ kind: 'ready' });
  });
});

describe('outcomes in the console', () => {
  let door: ConsoleDoor;
  beforeAll(async () => {
    door = await openConsoleDoor();
    for (let number = 0; number < 9; number += 1) {
      const referrer = number < 6 ? 'elm-tree' : 'riverside';
      await door.record.apply(
        changes({ referral: newReferral(`r${number}`, { referrer, openedAt: '2026-05-01T09:00:00.000Z' }) }),
      );
    }
  });
  afterAll(() => door.stop());

  it('leads from a figure to its loops, and from a hidden one nowhere', async () => {
    const browser = await door.signedIn('omar', { roles: ['operator'] });
    const page = await browser.get('/console/outcomes');
    expect(page.text).toContain('<a href="/console/outcomes/2026-27/all/referrals">9</a>');
    expect(page.text).toContain('hidden');
    const loops = await browser.get('/console/outcomes/2026-27/all/referrals');
    expect(loops.text.match(/href="\/console\/loops\/r\d"/g)).toHaveLength(9);
    for (const figure of ['practice:riverside/referrals', 'practice:elm-tree/referrals', 'all/nothing', 'x/referrals'])
      expect((await browser.get(`/console/outcomes/2026-27/${figure}`)).status).toBe(404);
  });

  it('counts for a limited account its own loops alone', async () => {
    const browser = await door.signedIn('rita', { roles: ['operator'], partners: ['elm-tree'] });
    const page = await browser.get('/console/outcomes?of=practice:riverside');
    expect(page.text).toContain('<a href="/console/outcomes/2026-27/all/referrals">6</a>');
    expect(page.text).not.toContain('riverside');
  });
});
