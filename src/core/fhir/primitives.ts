import type { IssueType } from '../finding.ts';
import { isSafeNarrative } from './structure-narrative.ts';

/** Why a value is not of a primitive type. Words only: the value itself is never repeated. */
interface PrimitiveFault {
  readonly rule: string;
  readonly issue: IssueType;
  readonly message: string;
  readonly remedy: string;
  readonly severity?: 'warning';
}

interface Format {
  readonly holds: (value: string) => boolean;
  /** Completes "It must be ...". */
  readonly form: string;
}

/** FHIR R4 datatypes §2.24.0.1: strings shall not exceed 1 MB. */
const MAX_STRING = 1024 * 1024;
const MAX_INTEGER = 2 ** 31 - 1;
const CONTROL = /[^\P{Cc}\t\n\r]/u;

const DATE = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/;
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?$/;

const UNSPACED: Format = { holds: (value) => /^\S+$/.test(value), form: 'an address without any white space' };

/** Every expression here is matched in linear time: no part of one can match what its neighbour matches too. */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['date', { holds: isDate, form: 'a calendar date that exists, YYYY, YYYY-MM or YYYY-MM-DD' }],
  [
    'dateTime',
    {
      holds: (v) => isDate(v) || isMoment(v),
      form: 'a date, or a date that exists with hh:mm:ss and a time zone (Z or +hh:mm)',
    },
  ],
  ['instant', { holds: isMoment, form: 'a date that exists with hh:mm:ss and a time zone (Z or +hh:mm)' }],
  ['time', { holds: (v) => TIME.test(v), form: 'a time hh:mm:ss without a time zone' }],
  ['id', { holds: (v) => /^[A-Za-z0-9.-]{1,64}$/.test(v), form: '1 to 64 letters, digits, hyphens and dots' }],
  [
    'code',
    {
      holds: (v) => /^\S+(?:\s\S+)*$/.test(v),
      form: 'a code without white space at its ends and with single spaces within',
    },
  ],
  ['oid', { holds: (v) => /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/.test(v), form: 'urn:oid: and an object identifier' }],
  [
    'uuid',
    {
      holds: (v) => /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(v),
      form: 'urn:uuid: and a UUID in lower case',
    },
  ],
  ['uri', UNSPACED],
  ['url', UNSPACED],
  ['canonical', UNSPACED],
  ['base64Binary', { holds: isBase64, form: 'base64 (RFC 4648, padded)' }],
  [
    'xhtml',
    {
      holds: isSafeNarrative,
      form: 'one <div> of XHTML without scripts, event handlers, frames, forms or a document type',
    },
  ],
] satisfies [string, Format][]);

const RANGES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['integer', [-MAX_INTEGER - 1, MAX_INTEGER]],
  ['unsignedInt', [0, MAX_INTEGER]],
  ['positiveInt', [1, MAX_INTEGER]],
]);

/** The kind of JSON value that carries a primitive type (FHIR R4 json §2.6.2.2). */
export function jsonTypeOf(primitive: string): 'boolean' | 'number' | 'string' {
  if (primitive === 'boolean') return 'boolean';
  return primitive === 'decimal' || RANGES.has(primitive) ? 'number' : 'string';
}

/** Checks a JSON value against an R4 primitive type; the first fault, or undefined. Source: FHIR R4 datatypes §2.24.0.1. */
export function checkPrimitive(primitive: string, value: unknown): PrimitiveFault | undefined {
  const wanted = jsonTypeOf(primitive);
  if (typeof value !== wanted) return wrongJsonType(primitive, wanted, value);
  if (typeof value === 'number') return checkNumber(primitive, value);
  return typeof value === 'string' ? checkText(primitive, value) : undefined;
}

function wrongJsonType(primitive: string, wanted: string, value: unknown): PrimitiveFault {
  if (primitive === 'code' && typeof value === 'number')
    return {
      rule: 'fhir/code-is-number',
      issue: 'value',
      message: 'A code is sent as a JSON number.',
      remedy:
        'Send codes as strings, in quotes: JSON numbers damage SNOMED CT ids, whose last digits are lost beyond 2^53.',
    };
  if (value !== null && typeof value === 'object')
    return {
      rule: 'fhir/structure',
      issue: 'structure',
      message: `This element is a primitive (${primitive}), but ${Array.isArray(value) ? 'a list' : 'an object'} stands here.`,
      remedy: `Send a JSON ${wanted}.`,
    };
  return {
    rule: 'fhir/json-type',
    issue: 'value',
    message: `A ${primitive} must be a JSON ${wanted}, not a ${value === null ? 'null' : typeof value}.`,
    remedy: wanted === 'string' ? 'Put the value in quotes.' : 'Send the value without quotes.',
  };
}

function checkNumber(primitive: string, value: number): PrimitiveFault | undefined {
  const range = RANGES.get(primitive);
  if (range === undefined) return Number.isFinite(value) ? undefined : format(primitive, 'a finite number');
  const [least, most] = range;
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  return format(primitive, `a whole number from ${least} to ${most}`);
}

function checkText(primitive: string, value: string): PrimitiveFault | undefined {
  if (value === '')
    return {
      rule: 'fhir/empty',
      issue: 'value',
      message: 'An element is empty.',
      remedy: 'Leave the element out when it has no value.',
    };
  if (value.length > MAX_STRING && primitive !== 'base64Binary')
    return {
      rule: 'fhir/too-long',
      issue: 'too-long',
      message: 'A text is longer than 1 MB.',
      remedy: 'Shorten it, or send it as an Attachment.',
    };
  const known = FORMATS.get(primitive);
  if (known !== undefined && !known.holds(value)) return format(primitive, known.form);
  const characters = checkCharacters(primitive, value);
  if (characters !== undefined) return characters;
  if (known === undefined && value.trim() === '')
    return {
      rule: 'fhir/blank',
      issue: 'value',
      severity: 'warning',
      message: 'A text holds nothing but white space.',
      remedy: 'Leave the element out when it has no value.',
    };
  return undefined;
}

/** Characters that no text of FHIR may hold, whatever its type and length. Source: FHIR R4 datatypes §2.24.0.1, string. */
export function checkCharacters(primitive: string, value: string): PrimitiveFault | undefined {
  if (!CONTROL.test(value)) return undefined;
  return format(primitive, 'text without control characters (tab, line feed and carriage return may stand in it)');
}

function format(primitive: string, form: string): PrimitiveFault {
  return {
    rule: 'fhir/format',
    issue: 'value',
    message: `The value is not a valid ${primitive}.`,
    remedy: `It must be ${form}.`,
  };
}

function isDate(value: string): boolean {
  const match = DATE.exec(value);
  if (match === null) return false;
  const [, year, month, day] = match.map(Number);
  if (year === undefined || year === 0) return false;
  if (month === undefined || day === undefined || Number.isNaN(day)) return true;
  return day <= daysIn(year, month);
}

function isMoment(value: string): boolean {
  const day = MOMENT.exec(value)?.[1];
  return day !== undefined && isDate(day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isBase64(value: string): boolean {
  const packed = value.replace(/\s/g, '');
  return packed.length > 0 && packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}
