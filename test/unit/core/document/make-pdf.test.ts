import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { documentFlaws, type ReadableDocument } from '../../../../src/core/document/readable-document.ts';
import { makePdf } from '../../../../src/wire-document.ts';
import { readPdf } from '../../../fixtures/document/read-pdf.ts';

const NAMES = [
  'Siân Ŵyn-Ŷ Price',
  'Łukasz Żółć',
  'Παναγιώτης Ωραίος',
  'Зоя Щукина',
  'Øyvind Åsgård',
  'Nguyễn Ðình',
  'Özlem Şığ',
];
const letter: ReadableDocument = {
  title: 'Social prescribing: Completed',
  date: '2026-11-20T10:00:00.000Z',
  patient: ['Ada Testwell', 'NHS number 999 000 0018'],
  sections: [
    { heading: 'Results', rows: [{ label: 'SWEMWBS', text: '26' }] },
    { heading: 'What was said', paragraphs: ['Joined the choir.', '{{ 1+1 }} |^~\\& <b>text</b>'] },
  ],
};
const words = (document: ReadableDocument) => readPdf(makePdf(document)).pages.join('\n');

describe('a readable document as PDF', () => {
  it('is the same bytes for the same document, whatever was made before it', () => {
    const first = makePdf(letter);
    makePdf({ ...letter, title: 'Another: ſtrange ﬁne', patient: NAMES });
    expect(Buffer.from(makePdf(letter)).equals(Buffer.from(first))).toBe(true);
  });

  it('is the same bytes at another time', () => {
    const first = makePdf(letter);
    jest.useFakeTimers({ now: new Date('2001-01-01T00:00:00Z') });
    try {
      expect(Buffer.from(makePdf(letter)).equals(Buffer.from(first))).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not lose a letter that an earlier document showed with a sign on it', () => {
    makePdf({ ...letter, patient: ['Ŵyn Ŷ'] });
    expect(words({ ...letter, patient: ['Wyn Y'] })).toContain('Wyn Y');
    expect(words({ ...letter, patient: ['Ŵyn Wyn, office fluff'] })).toContain('Ŵyn Wyn, office fluff');
  });

  it('has its text as text, in the order in which it is read', () => {
    expect(words(letter).split('\n')).toEqual([
      'Social prescribing: Completed',
      'Ada Testwell',
      'NHS number 999 000 0018',
      'Results',
      'SWEMWBS: ',
      '26',
      'What was said',
      'Joined the choir.',
      '{{ 1+1 }} |^~\\& <b>text</b>',
      'Ada Testwell · NHS number 999 000 0018',
      '1 / 1',
    ]);
  });

  it('says its title, its language and its parts to those who cannot see it', () => {
    const { plain, structure } = readPdf(makePdf(letter));
    expect(structure).toEqual(expect.arrayContaining(['Document', 'H1', 'Sect', 'H2', 'P']));
    expect(plain).toContain('/Lang (en-GB)');
    expect(plain).toContain('/Marked true');
    expect(plain).toContain('(Social prescribing: Completed)');
    expect(plain).toContain('(D:20261120100000Z)');
    expect(readPdf(makePdf({ ...letter, language: 'cy' })).plain).toContain('/Lang (cy)');
  });

  it.each(NAMES)('has the letters of %s', (name) => {
    const shown = words({ ...letter, patient: [name] });
    expect(shown).toContain(name.normalize('NFC'));
    expect(shown).not.toContain('□');
  });

  it.each([
    ['letters that the font has no shape for', '你好 Wei', '□□ Wei'],
    ['letters that run from right to left', 'שלום Dov', '□□□□ Dov'],
    ['half a letter', 'a\ud800b', 'a□b'],
  ])('shows that %s are missing, and says so', (_what, text, shown) => {
    const all = words({ ...letter, sections: [{ paragraphs: [text] }] });
    expect(all).toContain(shown);
    expect(all).toContain('□ stands for a letter that this document cannot show.');
  });

  it('leaves out what would turn the text around, or is not seen', () => {
    const all = words({ ...letter, sections: [{ paragraphs: ['pay \u202e100\u202c now\u0007\u200b'] }] });
    expect(all).toContain('pay 100 now');
    expect(all).not.toContain('□');
  });

  it('goes on on further pages, each with whose it is', () => {
    const paragraphs = Array.from({ length: 120 }, (_, at) => `Paragraph ${at}, which is long enough to be seen.`);
    const { pages } = readPdf(makePdf({ ...letter, sections: [{ paragraphs }] }));
    expect(pages.length).toBeGreaterThan(2);
    for (const [at, page] of pages.entries()) {
      expect(page).toContain('Ada Testwell · NHS number 999 000 0018');
      expect(page).toContain(`${at + 1} / ${pages.length}`);
    }
    const said = pages.join('\n');
    for (const one of paragraphs) expect(said).toContain(one);
  });

  it('breaks a word that has no end', () => {
    const shown = words({ ...letter, sections: [{ paragraphs: ['x'.repeat(1_000)] }] });
    expect(shown.replaceAll('\n', '')).toContain('x'.repeat(1_000));
    expect(Math.max(...shown.split('\n').map(({ length }) => length))).toBeLessThan(100);
  });

  it('can be made of any texts, and loses none of those that can be shown', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    const document = fc.record({
      title: text,
      patient: fc.array(text, { maxLength: 3 }),
      sections: fc.array(
        fc.record({ heading: text, rows: fc.array(fc.record({ label: text, text })), paragraphs: fc.array(text) }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(document, fc.stringMatching(/^[a-zŵŷ]{1,40}$/), (made, sure) => {
        const given = { ...letter, ...made, sections: [...made.sections, { paragraphs: [sure] }] };
        expect(documentFlaws(given)).toEqual([]);
        expect(words(given)).toContain(sure);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is no document', () => {
  it.each([
    ['a text', 'letter', ''],
    ['one without a title', { ...letter, title: undefined }, 'title'],
    ['one without a date', { ...letter, date: 'yesterday' }, 'date'],
    ['one about nobody', { ...letter, patient: undefined }, 'patient'],
    ['a member that nobody prints', { ...letter, sections: [{ heading: 'x', table: [] }] }, 'sections.table'],
    ['a row without its text', { ...letter, sections: [{ rows: [{ label: 'x' }] }] }, 'sections.rows.text'],
    ['paragraphs that are one text', { ...letter, sections: [{ paragraphs: 'x' }] }, 'sections.paragraphs'],
    ['more than anybody reads', { ...letter, sections: [{ paragraphs: ['x'.repeat(200_001)] }] }, 'sections'],
  ])('%s: is told with its place', (_what, value, path) => {
    expect(documentFlaws(value).map((flaw) => flaw.path)).toEqual([path]);
  });

  it('its flaws repeat no value', () => {
    expect(JSON.stringify(documentFlaws({ ...letter, date: 'Testwell', sections: ['Testwell'] }))).not.toContain(
      'Testwell',
    );
  });
});
