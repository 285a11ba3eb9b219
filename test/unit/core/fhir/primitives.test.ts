import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkPrimitive, jsonTypeOf } from '../../../../src/core/fhir/primitives.ts';

const RIGHT: Record<string, readonly unknown[]> = {
  boolean: [true, false],
  integer: [0, -1, 2147483647, -2147483648],
  unsignedInt: [0, 2147483647],
  positiveInt: [1],
  decimal: [0, -1.5, 1e30],
  string: ['x', ' a\tb\r\nc ', 'ü😀'],
  markdown: ['# x\n\n* y'],
  code: ['a', 'in progress', '871731000000106'],
  id: ['a', 'A-1.b', 'x'.repeat(64)],
  uri: ['http://example.org/a', 'urn:uuid:x', 'a'],
  url: ['https://example.org'],
  canonical: ['https://example.org/x|1'],
  oid: ['urn:oid:1.2.36.0.1'],
  uuid: ['urn:uuid:0190a3f2-7c1e-7a55-9d0e-1f2a3b4c5d6e'],
  date: ['2026', '2026-02', '2024-02-29', '2000-02-29', '2026-12-31'],
  dateTime: [
    '2026',
    '2026-02',
    '2026-02-03',
    '2026-02-03T04:05:06Z',
    '2026-02-03T04:05:06.1234567+14:00',
    '2016-12-31T23:59:60Z',
  ],
  instant: ['2026-02-03T04:05:06Z', '2026-02-03T04:05:06.789-05:30'],
  time: ['00:00:00', '23:59:59.999'],
  base64Binary: ['YQ==', 'YWJj', 'YWJj\nYWJj'],
  xhtml: ['<div xmlns="http://www.w3.org/1999/xhtml">once = 1 <a title="a > b onclick=c">on x=1</a></div>', ' <div/> '],
};

const WRONG: Record<string, readonly unknown[]> = {
  boolean: ['true', 1, 0],
  integer: ['1', 1.5, 2147483648, -2147483649, true],
  unsignedInt: [-1],
  positiveInt: [0],
  decimal: ['1.5', Number.POSITIVE_INFINITY],
  string: ['', 1, true, 'a\u0000b', '\u0007', 'x'.repeat(1024 * 1024 + 1)],
  code: ['', ' a', 'a ', 'a  b', '\n'],
  id: ['', 'a_b', 'a b', 'x'.repeat(65)],
  uri: ['', 'a b', '\t'],
  oid: ['1.2.3', 'urn:oid:3.1', 'urn:oid:1.02'],
  uuid: ['0190a3f2-7c1e-7a55-9d0e-1f2a3b4c5d6e', 'urn:uuid:0190A3F2-7c1e-7a55-9d0e-1f2a3b4c5d6e'],
  date: [
    '26',
    '0000',
    '2026-2',
    '2026-13',
    '2026-00-01',
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-02-03T00:00:00Z',
    '03/02/2026',
  ],
  dateTime: [
    '2026-02-03T04:05:06',
    '2026-02-03T04:05Z',
    '2026-02-03 04:05:06Z',
    '2026-02-30T04:05:06Z',
    '2026-02-03T24:00:00Z',
    '2026-02-03T04:05:06+15:00',
    '2026-02-03T04:05:06z',
  ],
  instant: ['2026-02-03', '2026-02-03T04:05:06', '2026-02-31T04:05:06Z'],
  time: ['24:00:00', '09:30', '09:30:00Z'],
  base64Binary: ['YQ', 'Y===', 'Y!==', '='],
  xhtml: [
    'text',
    '<p>x</p>',
    '<div><script>x</script></div>',
    '<div><p onclick="x">y</p></div>',
    '<div><p title=">" OnClick = "x">y</p></div>',
    '<div><!-- \' --><p onclick="x">it\'s</p></div>',
    '<div><a href=" javascript:x">y</a></div>',
    '<div><iframe src="x"></iframe></div>',
    '<!DOCTYPE x><div></div>',
  ],
};

describe('checkPrimitive', () => {
  it.each(Object.entries(RIGHT).flatMap(([type, values]) => values.map((value) => [type, value] as const)))(
    'takes as %s: %j',
    (type, value) => {
      expect(checkPrimitive(type, value)).toBeUndefined();
    },
  );

  it.each(
    Object.entries(WRONG).flatMap(([type, values]) =>
      values.map((value) => [type, typeof value === 'string' ? value.slice(0, 60) : value, value] as const),
    ),
  )('refuses as %s: %j', (type, _, value) => {
    const fault = checkPrimitive(type, value);
    expect(fault).toBeDefined();
    expect(fault?.severity).toBeUndefined();
  });

  it('says of a code that is a number why that is dangerous', () => {
    expect(checkPrimitive('code', 871731000000106)).toMatchObject({
      rule: 'fhir/code-is-number',
      remedy: expect.stringContaining('strings'),
    });
  });

  it('only warns of a text that is nothing but white space', () => {
    expect(checkPrimitive('string', ' \n')).toMatchObject({ severity: 'warning', rule: 'fhir/blank' });
  });

  it('tells a primitive from an object and a list', () => {
    expect(checkPrimitive('string', {})).toMatchObject({
      rule: 'fhir/structure',
      message: expect.stringContaining('object'),
    });
    expect(checkPrimitive('string', [])).toMatchObject({
      rule: 'fhir/structure',
      message: expect.stringContaining('list'),
    });
    expect(checkPrimitive('boolean', null)).toMatchObject({
      rule: 'fhir/json-type',
      message: expect.stringContaining('null'),
    });
  });

  it('never throws, and never repeats the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(RIGHT)), fc.string({ minLength: 12 }), (type, value) => {
        expect(JSON.stringify(checkPrimitive(type, value) ?? {})).not.toContain(value);
      }),
    );
  });

  it('takes every day of the calendar as a date', () => {
    const day = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        expect(checkPrimitive('date', date.toISOString().slice(0, 10))).toBeUndefined();
        expect(checkPrimitive('instant', date.toISOString())).toBeUndefined();
      }),
    );
  });
});

describe('jsonTypeOf', () => {
  it('knows which primitives are not strings in JSON', () => {
    expect(['boolean', 'decimal', 'positiveInt', 'code', 'xhtml'].map(jsonTypeOf)).toEqual([
      'boolean',
      'number',
      'number',
      'string',
      'string',
    ]);
  });
});
