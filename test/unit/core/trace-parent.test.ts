import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTraceParent, writeTraceParent } from '../../../src/core/trace-parent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent (W3C Trace Context §3.2)', () => {
  it('is read as the recommendation writes it', () => {
    expect(readTraceParent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(readTraceParent(`00-${TRACE}-${SPAN}-00`)?.sampled).toBe(false);
    expect(readTraceParent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)?.traceId).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\nZephyrine Quillfeather`,
    ' Zephyrine Quillfeather 9990000050',
  ])('%j is none', (text) => {
    expect(readTraceParent(text)).toBeUndefined();
  });

  it('is read as it was written, and nothing else ever throws', () => {
    const hex = (length: number) =>
      fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text));
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        expect(readTraceParent(writeTraceParent({ traceId, spanId, sampled }))).toEqual({ traceId, spanId, sampled });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => readTraceParent(text) === undefined));
  });
});
