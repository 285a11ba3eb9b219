import type { Font } from 'fontkit';
import type PDFKit from 'pdfkit';
import { printable, UNKNOWN_LETTER } from './printable.ts';
import type { DocumentSection, MakeDocument, ReadableDocument } from './readable-document.ts';

/** What a document is set with. The fonts are embedded: the ones that every reader has lack letters of people's names. */
export interface Press {
  readonly PdfDocument: typeof PDFKit;
  /** Opens them anew for each document: an opened font remembers letters, and what one document showed would stand in the next. */
  readonly openFonts: () => Fonts;
}

interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

const MARGIN = 56;
const SIZES = { title: 15, heading: 11.5, text: 10, small: 8 } as const;
const FOOT = 36;

/**
 * Makes PDF 1.7 documents, A4, tagged, with their language and title, their text as text. The same document gives the same
 * bytes: dates are the document's own, and nothing in it is counted or chosen elsewhere.
 */
export function pdfMaker(press: Press): MakeDocument {
  return (document) => new Printing(press, document).bytes();
}

class Printing {
  readonly #fonts: Fonts;
  readonly #document: ReadableDocument;
  readonly #pdf: PDFKit.PDFDocument;
  #hasUnknown = false;

  constructor(press: Press, document: ReadableDocument) {
    this.#fonts = press.openFonts();
    this.#document = document;
    const { title, author, language = 'en-GB', date } = document;
    const at = new Date(date);
    this.#pdf = new press.PdfDocument({
      size: 'A4',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT / 2 },
      // The package's own description of its options knows names of fonts only; it takes an opened one.
      font: this.#fonts.regular as unknown as string,
      pdfVersion: '1.7',
      tagged: true,
      lang: language,
      displayTitle: true,
      bufferPages: true,
      info: {
        Title: title,
        Producer: 'Hearback',
        Creator: 'Hearback',
        CreationDate: at,
        ModDate: at,
        ...(author !== undefined && { Author: author }),
      },
    });
  }

  bytes(): Uint8Array {
    const { title, patient, sections } = this.#document;
    const root = this.#pdf.struct('Document');
    this.#pdf.addStructure(root);
    root.add(this.#block('H1', () => this.#write(title, { bold: true, size: SIZES.title })));
    root.add(this.#block('P', () => this.#write(patient.join('\n'), { size: SIZES.text })));
    for (const section of sections) root.add(this.#section(section));
    if (this.#hasUnknown) {
      root.add(this.#block('P', () => this.#write(MISSING, { size: SIZES.small, before: SIZES.text })));
    }
    root.end();
    this.#furnishPages();
    this.#pdf.end();
    const made: unknown = this.#pdf.read();
    if (!(made instanceof Uint8Array)) throw new Error('the document was not finished at once');
    return made;
  }

  #section({ heading, rows = [], paragraphs = [] }: DocumentSection): PDFKit.PDFStructureElement {
    const section = this.#pdf.struct('Sect');
    if (heading !== undefined) {
      section.add(
        this.#block('H2', () => this.#write(heading, { bold: true, size: SIZES.heading, before: SIZES.heading })),
      );
    }
    for (const { label, text } of rows) {
      section.add(
        this.#block('P', () => {
          this.#write(`${label}: `, { bold: true, size: SIZES.text, continued: true });
          this.#write(text, { size: SIZES.text });
        }),
      );
    }
    for (const paragraph of paragraphs) {
      section.add(this.#block('P', () => this.#write(paragraph, { size: SIZES.text, before: SIZES.text / 3 })));
    }
    return section;
  }

  #block(type: string, draw: () => void): PDFKit.PDFStructureElement {
    return this.#pdf.struct(type, {}, draw);
  }

  #write(text: string, how: { bold?: boolean; size: number; before?: number; continued?: boolean }): void {
    const { bold = false, size, before = 0, continued = false } = how;
    const font = bold ? this.#fonts.bold : this.#fonts.regular;
    const shown = printable(text, (letter) => font.hasGlyphForCodePoint(letter));
    this.#hasUnknown ||= shown.hasUnknown;
    if (before > 0) this.#pdf.y += before;
    // An empty text would leave what was begun before it unfinished.
    const written = shown.text === '' ? ' ' : shown.text;
    this.#pdf.font(font as unknown as string, size).text(written, { continued, lineGap: size / 5 });
  }

  /** Whose it is and which page it is stands on every page: pages of letters are parted. */
  #furnishPages(): void {
    const { start, count } = this.#pdf.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.#pdf.switchToPage(page);
      const { width, height } = this.#pdf.page;
      const who = printable(this.#document.patient.join(' · '), (one) => this.#fonts.regular.hasGlyphForCodePoint(one));
      const line = `${who.text.replaceAll('\n', ' ')}`;
      const number = `${page - start + 1} / ${count}`;
      // Below the margin the package would begin a page for each line.
      this.#pdf.page.margins.bottom = 0;
      this.#pdf.markContent('Artifact', { type: 'Pagination' });
      const at = height - FOOT;
      const options = { lineBreak: false, height: SIZES.small * 1.5, ellipsis: true } as const;
      this.#pdf.font(this.#fonts.regular as unknown as string, SIZES.small);
      this.#pdf.text(line, MARGIN, at, { ...options, width: width - 3 * MARGIN });
      this.#pdf.text(number, width - 2 * MARGIN, at, { ...options, width: MARGIN, align: 'right' });
      this.#pdf.endMarkedContent();
    }
  }
}

const MISSING = `${UNKNOWN_LETTER} stands for a letter that this document cannot show.`;
