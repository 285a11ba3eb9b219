import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../../src/core/seal/canonical-json.ts';
import { entryLeaf, entryText, type LogEntry } from '../../../../src/core/seal/entry-bytes.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('orders members by UTF-16 code units, as the standard orders its example (§3.2.3)', () => {
    const members = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(Object.entries(members))) as string[][]).length).toBe(7);
    expect([...canonicalJson(members).matchAll(/:"([A-Z]\w+)/g)].map(([, word]) => word)).toEqual([
      'Carriage',
      'One',
      'Control',
      'Latin',
      'Euro',
      'Emoji',
      'Hebrew',
    ]);
  });

  it('writes numbers and texts as the standard writes its example (§3.2.2)', () => {
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
    const string = '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/';
    expect(canonicalJson({ numbers, string, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('is the same however the members were put together, and reads back as what it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses what is no JSON', () => {
    expect(() => canonicalJson({ one: Number.NaN })).toThrow(TypeError);
    expect(() => canonicalJson([undefined])).toThrow(TypeError);
  });
});

const ENTRY: LogEntry = {
  seq: 7,
  at: '2026-11-21T09:00:00.000Z',
  kind: 'message.received',
  actor: 'oak-road',
  referral: 'r-1',
  message: 'm-1',
  detail: { channel: 'fhir', bytes: 12 },
};

describe('the bytes of an entry', () => {
  it('are those that the page on the log shows', () => {
    expect(entryText(ENTRY)).toBe(
      '{"actor":"oak-road","at":"2026-11-21T09:00:00.000Z","detail":{"bytes":12,"channel":"fhir"},"kind":"message.received","message":"m-1","referral":"r-1","seq":7}',
    );
    expect(Buffer.from(entryLeaf(ENTRY)).toString('hex')).toBe(
      'e084de49f8a47aeb769d535a9a7dbc4169849251cb0429d822a7062df0956dc8',
    );
  });

  it('are others when anything of it is', () => {
    const others: LogEntry[] = [
      { ...ENTRY, seq: 8 },
      { ...ENTRY, at: '2026-11-21T09:00:00.001Z' },
      { ...ENTRY, kind: 'message.refused' },
      { ...ENTRY, actor: 'casework' },
      { ...ENTRY, partner: 'casework' },
      { ...ENTRY, referral: 'r-2' },
      { ...ENTRY, message: 'm-2' },
      { ...ENTRY, detail: { channel: 'fhir', bytes: 13 } },
      { ...ENTRY, detail: { channel: 'fhir', bytes: '12' } },
      { ...ENTRY, detail: { channel: 'fhir' } },
    ];
    const texts = new Set([ENTRY, ...others].map(entryText));
    expect(texts.size).toBe(others.length + 1);
  });

  it('hold nothing but the members of an entry', () => {
    expect(entryText({ ...ENTRY, extra: 1 } as LogEntry)).toBe(entryText(ENTRY));
  });
});
