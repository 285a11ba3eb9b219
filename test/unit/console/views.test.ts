import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Frame, renderPage } from '../../../src/console/render.ts';

const VIEWS = join(import.meta.dirname, '../../../src/console/views');

const FRAME: Frame = {
  ...{ nonce: 'n', assets: '/console/static/x/', navigation: [], formToken: 't', here: '/console' },
  madeAt: '2026-11-26T08:00:00.000Z',
};

/** What a template must not do, each with what it says: places where a value would not be escaped. */
function unsafePlaces(name: string, text: string): string[] {
  const found = [
    /\|\s*safe\b/.exec(text) && 'takes a value as it is (| safe)',
    /\bhtml\s*:\s*(?!["'][^"'~+]*["']\s*[,}\n])/.exec(text) && 'gives a macro a value as HTML (html:)',
    /autoescape\s+false/.exec(text) && 'turns escaping off',
    /<[^>]*\s(?:style|on[a-z]+)\s*=/i.exec(text) && 'has an inline style or script',
    /<script(?![^>]*\ssrc=)/i.exec(text) && 'has an inline script',
    /=\s*\{\{/.exec(text) && 'has an attribute without quotes',
  ];
  return found.flatMap((what) => (what ? [`${name} ${what}`] : []));
}

describe('templates', () => {
  const files = (readdirSync(VIEWS, { recursive: true }) as string[]).filter((name) => name.endsWith('.njk'));

  it('escape every value', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.flatMap((name) => unsafePlaces(name, readFileSync(join(VIEWS, name), 'utf8')))).toEqual([]);
  });

  it.each([
    ['{{ note | safe }}', '| safe'],
    ['{{ button({ html: note }) }}', 'html:'],
    ['{{ button({ html: "<b>" ~ note }) }}', 'html:'],
    ['<p style="color: red">', 'inline style'],
    ['<a onclick="x()">', 'inline style or script'],
    ['<script>alert(1)</script>', 'inline script'],
    ['<p class={{ kind }}>', 'without quotes'],
  ])('would be found out: %s', (text, what) => {
    expect(unsafePlaces('one.njk', text).join()).toContain(what);
  });
});

describe('a rendered page', () => {
  const ATTACK = `"><script>alert(1)</script>'{{ 7*7 }}`;
  const page = (model: Readonly<Record<string, unknown>>, frame: Partial<Frame> = {}) =>
    renderPage({ view: 'refused', title: ATTACK, model }, { ...FRAME, ...frame });

  it('shows what it is given as text, in its title, its frame and its body', () => {
    const html = page(
      { text: ATTACK, error: ATTACK },
      {
        ...{ user: { name: ATTACK, roles: ATTACK, partners: ATTACK }, formToken: ATTACK, madeAt: ATTACK },
        ...{ flash: { kind: 'success', text: ATTACK }, navigation: [{ href: ATTACK, text: ATTACK, current: true }] },
      },
    );
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('49');
    expect(html.split('&quot;&gt;&lt;script&gt;').length).toBeGreaterThan(10);
  });

  it('has a frame that no model can stand in the place of', () => {
    const html = page(
      { frame: { formToken: 'mine' }, cspNonce: 'mine', title: 'mine' },
      { user: { name: 'a', roles: '' } },
    );
    expect(html).not.toContain('mine');
  });

  it('shows instants in UTC, with the zone and for machines', () => {
    expect(page({ text: '' })).toContain(
      '<time datetime="2026-11-26T08:00:00.000Z">26 November 2026, 08:00:00 UTC</time>',
    );
  });
});
