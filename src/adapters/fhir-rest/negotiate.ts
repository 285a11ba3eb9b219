import type { Finding } from '../../core/finding.ts';

export type Format = 'json' | 'xml';

/** Media types that mean FHIR (R4 http §3.1.0.6) and the general ones that BaRS and plain clients send instead. */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['application/fhir+json', 'json'],
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/fhir+xml', 'xml'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
]);
/** `_format` may be this short. */
const SHORT_NAMES: ReadonlyMap<string, Format> = new Map([
  ['json', 'json'],
  ['xml', 'xml'],
]);
const WILDCARDS = new Set(['*/*', 'application/*']);

/** One media range of an Accept header, or one Content-Type. */
interface MediaType {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
}

export const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  json: 'application/fhir+json; charset=utf-8',
  xml: 'application/fhir+xml; charset=utf-8',
};

/** What the request says about formats. `bodyType` decides when the caller does not mind. */
interface Wishes {
  readonly accept: string | undefined;
  readonly formatParam: string | undefined;
  readonly bodyType: string | undefined;
}

/**
 * The format of the answer; undefined when nothing that is offered is accepted (406). `_format` overrides Accept (R4 http
 * §3.1.0.6). Parameters such as BaRS's `version=1.4.0` are ignored, except a `fhirVersion` that is not R4's.
 */
export function answerFormat({ accept, formatParam, bodyType }: Wishes): Format | undefined {
  const preferred = formatOf(bodyType) ?? 'json';
  // In a query an unescaped `+` arrives as a space.
  if (formatParam !== undefined) return SHORT_NAMES.get(formatParam) ?? formatOf(formatParam.replace(' ', '+'));
  if (accept === undefined || accept.trim() === '') return preferred;
  const wanted = accept
    .split(',')
    .map(mediaType)
    .filter((range) => quality(range) > 0 && speaksR4(range));
  wanted.sort((one, other) => quality(other) - quality(one));
  for (const { name } of wanted) {
    const format = WILDCARDS.has(name) ? preferred : FORMATS.get(name);
    if (format !== undefined) return format;
  }
  return undefined;
}

/** The format of a body by its Content-Type, or what is wrong with that. */
export function bodyFormat(contentType: string | undefined): Format | Finding {
  if (contentType === undefined || contentType.trim() === '') return mediaTypeFinding('There is no Content-Type.');
  const type = mediaType(contentType);
  const format = FORMATS.get(type.name);
  if (format === undefined) return mediaTypeFinding('The Content-Type is not one of FHIR.');
  const charset = type.params.get('charset') ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8')
    return mediaTypeFinding('The Content-Type names another charset than UTF-8.');
  return speaksR4(type) ? format : mediaTypeFinding('The Content-Type names another version of FHIR than 4.0.');
}

/** The media type without its parameters, in lower case. */
export function bareType(contentType: string | undefined): string {
  return mediaType(contentType ?? '').name;
}

function formatOf(value: string | undefined): Format | undefined {
  if (value === undefined) return undefined;
  const type = mediaType(value);
  return speaksR4(type) ? FORMATS.get(type.name) : undefined;
}

function mediaType(text: string): MediaType {
  const [name = '', ...params] = text
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const pairs = params.map((param): [string, string] => {
    const [key = '', ...value] = param.split('=');
    return [key.trim(), value.join('=').trim().replaceAll('"', '')];
  });
  return { name, params: new Map(pairs) };
}

function quality({ params }: MediaType): number {
  const q = Number(params.get('q') ?? '1');
  return Number.isFinite(q) ? q : 0;
}

function speaksR4({ params }: MediaType): boolean {
  const version = params.get('fhirversion');
  return version === undefined || /^4\.0(\.\d+)?$/.test(version);
}

function mediaTypeFinding(message: string): Finding {
  return {
    severity: 'error',
    rule: 'fhir/media-type',
    place: { expression: 'Content-Type' },
    message,
    remedy: 'Send application/fhir+json or application/fhir+xml in UTF-8, FHIR version 4.0.',
    issue: 'not-supported',
  };
}
