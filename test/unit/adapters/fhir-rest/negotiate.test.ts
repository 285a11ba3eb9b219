import { describe, expect, it } from '@jest/globals';
import { answerFormat, bareType, bodyFormat } from '../../../../src/adapters/fhir-rest/negotiate.ts';

const wish = (accept?: string, formatParam?: string, bodyType?: string) =>
  answerFormat({ accept, formatParam, bodyType });

describe('the format of an answer', () => {
  it('is what is accepted most', () => {
    expect(wish('application/fhir+xml')).toBe('xml');
    expect(wish('text/html, application/xml;q=0.9, application/json;q=0.8')).toBe('xml');
    expect(wish('application/xml;q=0.1, application/json;q=0.8')).toBe('json');
    expect(wish('application/xml;q=0, */*')).toBe('json');
    expect(wish('Application/FHIR+XML; version=1.4.0')).toBe('xml');
  });

  it('follows the body when the caller does not mind', () => {
    expect(wish(undefined, undefined, 'application/fhir+xml')).toBe('xml');
    expect(wish('*/*', undefined, 'text/xml; charset=utf-8')).toBe('xml');
    expect(wish('*/*')).toBe('json');
    expect(wish('')).toBe('json');
  });

  it('is _format before anything else, however it is written', () => {
    expect(wish('text/html', 'xml')).toBe('xml');
    expect(wish('application/fhir+xml', 'application/fhir+json')).toBe('json');
    expect(wish(undefined, 'application/fhir xml')).toBe('xml');
    expect(wish(undefined, 'ttl')).toBeUndefined();
  });

  it('is none when nothing offered is accepted, other versions of FHIR included', () => {
    expect(wish('text/html')).toBeUndefined();
    expect(wish('application/fhir+json; fhirVersion=3.0')).toBeUndefined();
    expect(wish('application/fhir+json; fhirVersion=4.0')).toBe('json');
    expect(wish('json')).toBeUndefined();
  });
});

describe('the format of a body', () => {
  it('is known by its media type and nothing else', () => {
    expect(bodyFormat('application/fhir+json')).toBe('json');
    expect(bodyFormat('application/json; charset="UTF-8"')).toBe('json');
    expect(bodyFormat('text/xml;charset=utf8')).toBe('xml');
    for (const type of [
      undefined,
      '',
      'json',
      'text/plain',
      'application/json; charset=latin1',
      'application/xml; fhirVersion=5.0',
    ]) {
      expect(bodyFormat(type)).toMatchObject({ rule: 'fhir/media-type', severity: 'error' });
    }
  });

  it('does not depend on parameters', () => {
    expect(bareType('Application/X-WWW-Form-Urlencoded; charset=utf-8')).toBe('application/x-www-form-urlencoded');
    expect(bareType(undefined)).toBe('');
  });
});
