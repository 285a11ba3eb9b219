import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameDecoder, type FrameEvent, fitsFrame, frame } from '../../../../src/adapters/hl7v2-mllp/framing.ts';

const VT = '\x0b';
const FS = '\x1c';
const A = 'MSH|^~\\&|A\rPID|1';
const B = 'MSH|^~\\&|B\rPID|2';

function read(pieces: readonly Uint8Array[], maxBytes = 1_000_000): FrameEvent[] {
  const decoder = new FrameDecoder(maxBytes);
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()];
}

const readText = (text: string, maxBytes?: number) => read([Buffer.from(text, 'latin1')], maxBytes);
const message = (text: string): FrameEvent => ({ kind: 'message', bytes: Buffer.from(text, 'latin1') });

describe('MLLP framing', () => {
  it('gives two messages of one packet', () => {
    expect(readText(`${VT}${A}${FS}\r${VT}${B}${FS}\r`)).toEqual([message(A), message(B)]);
  });

  it('gives a message that comes byte by byte, with FS and CR apart', () => {
    const pieces = [...frame(Buffer.from(A))].map((byte) => Uint8Array.of(byte));
    expect(read(pieces)).toEqual([message(A)]);
  });

  it('skips what stands between frames, and tells how much', () => {
    expect(readText(`hello\r\n${VT}${A}${FS}\r\n\n${VT}${B}${FS}\r!`)).toEqual([
      { kind: 'stray', bytes: 7 },
      message(A),
      { kind: 'stray', bytes: 2 },
      message(B),
      { kind: 'stray', bytes: 1 },
    ]);
  });

  it('gives no message without its end, and tells that one began', () => {
    expect(readText(`${VT}${A}`)).toEqual([{ kind: 'unfinished', bytes: A.length }]);
    expect(readText(`${VT}${A}${FS}`)).toEqual([{ kind: 'unfinished', bytes: A.length + 1 }]);
  });

  it('begins anew when the sender does', () => {
    expect(readText(`${VT}${A}${VT}${B}${FS}\r`)).toEqual([{ kind: 'unfinished', bytes: A.length }, message(B)]);
    expect(readText(`${VT}${VT}${B}${FS}\r`)).toEqual([message(B)]);
  });

  it('takes the end of a message for one when only its carriage return is missing', () => {
    expect(readText(`${VT}${A}${FS}${VT}${B}${FS}\r`)).toEqual([message(A), message(B)]);
  });

  it('keeps a start or end block that stands inside the text', () => {
    const text = `${A}|first${VT}second${FS}third${FS}${FS}${VT}${VT}|MSH${VT}M${FS}`;
    expect(readText(`${VT}${text}|${FS}\r`)).toEqual([message(`${text}|`)]);
  });

  it('stops at the limit: with it a message is read, with one byte more only its beginning', () => {
    expect(readText(`${VT}${A}${FS}\r`, A.length)).toEqual([message(A)]);
    const [only, ...more] = readText(`${VT}${A}x${FS}\r${VT}${B}${FS}\r`, A.length);
    expect(only).toEqual({ kind: 'oversize', head: Buffer.from(A) });
    expect(more).toEqual([]);
  });

  it('holds no more than the limit of what never ends', () => {
    const decoder = new FrameDecoder(10_000);
    decoder.push(Buffer.from(VT));
    for (let sent = 0; sent < 200; sent += 1) decoder.push(Buffer.alloc(1_000, 'x'));
    expect(decoder.held).toBe(0);
  });

  it('says of a message whether a frame can carry it', () => {
    expect(fitsFrame(Buffer.from(`${A}|${VT}soft${FS}break`))).toBe(true);
    expect(fitsFrame(Buffer.from(`${A}|${FS}\rPV1`))).toBe(false);
    expect(fitsFrame(Buffer.from(`${A}|${VT}MSH|`))).toBe(false);
    expect(fitsFrame(Buffer.from(`${A}${FS}`))).toBe(true);
  });

  /** Bytes of which every tenth or so means something to the framing. */
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(VT, FS, '\r', `${FS}\r`, `${VT}MSH|`, `${VT}M`, 'MSH', 'BHS|') },
    {
      weight: 7,
      arbitrary: fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes(VT) && !text.includes(FS)),
    },
  );
  const stream = fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

  it('reads the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.integer({ min: 1, max: 300 }),
        (bytes, cuts, max) => {
          expect(read(cut(bytes, cuts), max)).toEqual(read([bytes], max));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads back every message that fits its frame', () => {
    const text = fc.array(piece, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));
    const messages = fc.array(text.filter(fitsFrame), { maxLength: 6 });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 50 })), (sent, cuts) => {
        const wire = Buffer.concat(sent.map((one) => frame(one)));
        expect(read(cut(wire, cuts))).toEqual(sent.map((bytes) => ({ kind: 'message', bytes })));
      }),
      { numRuns: 500 },
    );
  });
});

/** Cuts into pieces of these sizes, again and again. */
function cut(bytes: Buffer, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
