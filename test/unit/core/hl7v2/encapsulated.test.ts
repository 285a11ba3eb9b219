import { describe, expect, it } from '@jest/globals';
import type { ReadableDocument } from '../../../../src/core/document/readable-document.ts';
import { withDocuments } from '../../../../src/core/hl7v2/encapsulated.ts';
import { treeFlaws, writeTree } from '../../../../src/core/hl7v2/write-tree.ts';

const letter = { title: 'T', date: '2026-11-20', patient: ['A'], sections: [{ paragraphs: ['|^~\\&'] }] };
const message = (pdf: unknown) => ({
  segments: [
    { name: 'MSH', f10: 'A1' },
    { name: 'OBX', f5: { c2: 'application', c3: 'pdf', c4: 'Base64', c5: { pdf } } },
  ],
});

describe('a document in a message', () => {
  it('stands there as Base64, in place of what it says', () => {
    expect(treeFlaws(message(letter))).toEqual([]);
    const seen: ReadableDocument[] = [];
    const made = withDocuments(message(letter), (document) => {
      seen.push(document);
      return new Uint8Array([0xff, 0xfe, 0x00]);
    });
    expect(seen).toEqual([letter]);
    expect(writeTree(made)).toBe('MSH|^~\\&||||||||A1\rOBX|||||^application^pdf^Base64^//4A\r');
  });

  it('what is none is told with its place', () => {
    expect(treeFlaws(message({ ...letter, date: undefined }))).toEqual([
      { path: 'segments.f5.c5.pdf.date', message: 'A text stands here.' },
    ]);
    expect(treeFlaws(message(undefined)).length).toBe(1);
    const beside = { segments: [{ name: 'MSH' }, { name: 'OBX', f5: { c5: { pdf: letter, more: 'x' } } }] };
    expect(treeFlaws(beside)).toMatchObject([{ path: 'segments.f5.c5' }]);
  });
});
