import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OperationOutcome } from 'fhir/r4.js';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { fhirJsonToXml, xmlToFhirJson } from '../../../../src/adapters/fhir-rest/xml.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { isResourceType } from '../../../../src/core/referral.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { referralBundle, referralMessage, serviceRequest, task } from './referral-content.ts';

/** Bodies that nobody should send, and that somebody will. */
const SOUND = [
  referralBundle(),
  referralMessage('m'),
  serviceRequest('s', 'Patient/p'),
  task('t', 'ServiceRequest/s', 'Patient/p'),
];
const PATHS = ['/', '/$process-message', '/ServiceRequest', '/Task'] as const;
const JSON_TYPE = 'application/fhir+json';
const XML_TYPE = 'application/fhir+xml';

interface Sent {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

const sound = fc
  .integer({ min: 0, max: SOUND.length - 1 })
  .map((at) => ({ path: PATHS[at] ?? '/', content: SOUND[at] ?? SOUND[0] }));
const texts = sound.map(({ path, content }) => ({ path, json: JSON.stringify(content), xml: fhirJsonToXml(content) }));
const send = (path: string, type: string, body: string | Buffer): Sent => ({ path, type, body: Buffer.from(body) });
const fraction = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const within = (text: string, at: number) => Math.max(1, Math.floor(text.length * at));

const FAULTS: Readonly<Record<string, fc.Arbitrary<Sent>>> = {
  'cut off JSON': fc
    .tuple(texts, fraction)
    .map(([{ path, json }, at]) => send(path, JSON_TYPE, json.slice(0, within(json, at)))),
  'cut off XML': fc
    .tuple(texts, fraction)
    .map(([{ path, xml }, at]) => send(path, XML_TYPE, xml.slice(0, within(xml, at)))),
  'JSON said to be XML': texts.map(({ path, json }) => send(path, XML_TYPE, json)),
  'XML said to be JSON': texts.map(({ path, xml }) => send(path, JSON_TYPE, xml)),
  'another media type': fc
    .tuple(
      texts,
      fc.constantFrom(
        'text/plain',
        'multipart/form-data',
        'application/fhir+turtle',
        'nonsense',
        ';;;',
        `${JSON_TYPE}; charset=utf-16`,
        `${JSON_TYPE}; fhirVersion=3.0`,
      ),
    )
    .map(([{ path, json }, type]) => send(path, type, json)),
  'UTF-16 and Latin-1': fc
    .tuple(texts, fc.constantFrom<BufferEncoding>('utf16le', 'latin1'))
    .map(([{ path, json }, encoding]) =>
      send(path, JSON_TYPE, Buffer.from(json.replace('{', '{"language":"Zoë",'), encoding)),
    ),
  'bytes that are nothing': fc
    .tuple(fc.constantFrom(...PATHS), fc.constantFrom(JSON_TYPE, XML_TYPE), fc.uint8Array({ maxLength: 200 }))
    .map(([path, type, bytes]) => send(path, type, Buffer.from(bytes))),
  'any other JSON': fc.tuple(fc.constantFrom(...PATHS), fc.json()).map(([path, json]) => send(path, JSON_TYPE, json)),
  'members of the wrong kind': fc
    .tuple(sound, fc.constantFrom('resourceType', 'type', 'entry', 'status', 'subject', 'id', 'meta'), fc.jsonValue())
    .map(([{ path, content }, member, value]) =>
      send(path, JSON_TYPE, JSON.stringify({ ...content, [member]: { odd: [value] } })),
    ),
  'elements that R4 does not have': fc
    .tuple(sound, fc.string({ minLength: 1 }))
    .map(([{ path, content }, name]) => send(path, JSON_TYPE, JSON.stringify({ ...content, [`x${name}`]: 1 }))),
  'a name given twice': texts.map(({ path, json }) =>
    send(path, JSON_TYPE, json.replace('{', '{"resourceType":"Task",')),
  ),
  'names that reach the prototype': fc
    .tuple(texts, fc.constantFrom('__proto__', 'constructor', 'prototype'))
    .map(([{ path, json }, name]) => send(path, JSON_TYPE, json.replace('{', `{"${name}":{"polluted":true},`))),
  'depth without end': fc
    .tuple(fc.constantFrom(...PATHS), fc.integer({ min: 100, max: 90_000 }), fc.constantFrom('[', '{"a":'))
    .map(([path, depth, opening]) => send(path, JSON_TYPE, opening.repeat(Math.min(depth, 30_000)))),
  'XML of depth without end': fc
    .tuple(fc.constantFrom(...PATHS), fc.integer({ min: 100, max: 20_000 }))
    .map(([path, depth]) => send(path, XML_TYPE, '<a>'.repeat(depth))),
  'entities that grow': fc
    .constantFrom(...PATHS)
    .map((path) =>
      send(
        path,
        XML_TYPE,
        '<!DOCTYPE Task [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Task xmlns="http://hl7.org/fhir">&b;</Task>',
      ),
    ),
  'more than is taken': fc
    .constantFrom(JSON_TYPE, XML_TYPE)
    .map((type) => send('/', type, Buffer.alloc(300_000, 0x20))),
  'numbers that no reader keeps': texts.map(({ path, json }) =>
    send(path, JSON_TYPE, json.replace('{', '{"size":1e999,"code":12345678901234567890,')),
  ),
  'half a character': texts.map(({ path, json }) => send(path, JSON_TYPE, json.replace('{', '{"language":"\\ud800",'))),
};

/** In the format of the request, where that was one. */
async function outcomeOf(answer: Response): Promise<OperationOutcome> {
  const text = await answer.text();
  const isXml = answer.headers.get('content-type')?.includes('xml') === true;
  const content: unknown = isXml ? xmlToFhirJson(Buffer.from(text)).content : JSON.parse(text);
  expect(checkStructure(content, loadR4Model())).toEqual([]);
  if (!isResourceType(content, 'OperationOutcome')) throw new Error('the answer is no OperationOutcome');
  return content;
}

describe('a malformed body', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  for (const [fault, bodies] of Object.entries(FAULTS)) {
    it(`is always refused with an OperationOutcome: ${fault}`, async () => {
      let sent = 0;
      const property = fc.asyncProperty(bodies, async ({ path, type, body }) => {
        sent += 1;
        const headers = { 'content-type': type, 'x-request-id': `${fault.replaceAll(' ', '-')}-${sent}` };
        const answer = await endpoint.call(path, { method: 'POST', body, headers });
        const outcome = await outcomeOf(answer);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(outcome.issue.length).toBeGreaterThan(0);
        expect(JSON.stringify(outcome)).not.toMatch(/Testpatient|9990000018|\.ts:\d/);
      });
      await fc.assert(property, { numRuns: 20 });
      expect(sent).toBeGreaterThanOrEqual(20);
    });
  }

  it('leaves nothing behind: the next good one is taken', async () => {
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const answer = await endpoint.call('/', { method: 'POST', body: JSON.stringify(referralBundle()) });
    expect(answer.status).toBe(200);
    expect(Object.keys(FAULTS).length * 20).toBeGreaterThanOrEqual(300);
  });
});
