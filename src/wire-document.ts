/** What main.ts wires of documents: the package that makes PDF, and the fonts that are embedded. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { create } from 'fontkit';
import type PDFKit from 'pdfkit';
import { pdfMaker } from './core/document/make-pdf.ts';
import type { MakeDocument } from './core/document/readable-document.ts';

const require = createRequire(import.meta.url);

let maker: MakeDocument | undefined;

/**
 * Makes a PDF of a document. Package and fonts are loaded when the first is asked for: most engines and commands never make
 * one, and all would wait for it at their start.
 */
export const makePdf: MakeDocument = (document) => {
  maker ??= openPress();
  return maker(document);
};

function openPress(): MakeDocument {
  const PdfDocument: typeof PDFKit = require('pdfkit');
  const { create: open }: { readonly create: typeof create } = require('fontkit');
  const bytesOf = (name: string) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  const [regular, bold] = [bytesOf('DejaVuSans'), bytesOf('DejaVuSans-Bold')];
  const opened = (bytes: Buffer) => {
    const font = open(bytes);
    if (!('hasGlyphForCodePoint' in font)) throw new Error('a collection of fonts, not a font');
    return font;
  };
  return pdfMaker({ PdfDocument, openFonts: () => ({ regular: opened(regular), bold: opened(bold) }) });
}
