import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Parameters } from 'fhir/r4.js';
import nock from 'nock';
import { fetchAll } from '../../../../src/adapters/terminology/keep-expressions.ts';
import { loadedTerminology } from '../../../../src/adapters/terminology/loaded-terminology.ts';
import { remoteTerminology } from '../../../../src/adapters/terminology/remote-terminology.ts';
import { buildTerminology } from '../../../../src/core/terminology/build-terminology.ts';
import { parsedResources } from '../../../../src/core/terminology/service/readable-resources.ts';
import { TerminologyService } from '../../../../src/core/terminology/service/terminology-service.ts';
import type { HttpClient } from '../../../../src/ports.ts';
import { syntheticIdentifier } from '../../../fixtures/snomed/identifiers.ts';

const SERVER = 'https://terms.example';
const SNOMED = 'http://snomed.info/sct';
const NEED = syntheticIdentifier('concept', 1);
const OTHER = syntheticIdentifier('concept', 2);
const REFSET = syntheticIdentifier('concept', 3);
const ASKED: Parameters = {
  resourceType: 'Parameters',
  parameter: [
    { name: 'system', valueUri: SNOMED },
    { name: 'code', valueCode: NEED },
  ],
};
const DISPLAY: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'display', valueString: 'A need' }] };

beforeAll(() => nock.disableNetConnect());
afterEach(() => expect(nock.pendingMocks()).toEqual([]));
afterAll(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});

/** The engine's own client speaks through undici, which nock does not see; this one has the same door and speaks through fetch. */
function fetchingClient(): HttpClient {
  return {
    async post({ url, headers, body }) {
      try {
        const reply = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
        const bytes = new Uint8Array(await reply.arrayBuffer());
        return {
          kind: 'reply',
          status: reply.status,
          headers: Object.fromEntries(reply.headers),
          body: bytes,
          tooLarge: false,
        };
      } catch {
        return { kind: 'failed', written: false, aborted: false, code: 'ECONNREFUSED' };
      }
    },
    close: async () => {},
  };
}

function service() {
  const files = [
    {
      resourceType: 'CodeSystem',
      id: 'starter',
      url: 'urn:starter',
      status: 'active',
      content: 'supplement',
      supplements: SNOMED,
      concept: [{ code: NEED, display: 'A need, locally' }],
    },
    {
      resourceType: 'ValueSet',
      id: 'needs',
      url: 'urn:needs',
      status: 'active',
      compose: { include: [{ system: SNOMED, filter: [{ property: 'concept', op: 'in', value: REFSET }] }] },
    },
  ].map((resource) => ({ file: `${resource.id}.json`, text: JSON.stringify(resource) }));
  return new TerminologyService({ listed: buildTerminology(files).terminology, resources: parsedResources(files) });
}

function remote(onDown: 'hold' | 'use-local' = 'hold') {
  let now = Date.parse('2026-11-25T09:00:00Z');
  const lines: string[] = [];
  const note = (event: string, fields = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const clock = { now: () => new Date(now) };
  const own = service();
  const door = remoteTerminology(
    { url: `${SERVER}/fhir`, token: 'secret', local: false, onDown, timeoutMs: 1_000, keepFor: 60_000 },
    {
      newHttpClient: fetchingClient,
      loaded: loadedTerminology(() => own, clock),
      clock,
      log: { info: note, warn: note, error: note },
    },
  );
  return {
    door,
    own,
    lines,
    pass(ms: number) {
      now += ms;
    },
  };
}

const server = () => nock(SERVER, { reqheaders: { authorization: 'Bearer secret' } });

describe('a terminology server in the place of what is loaded', () => {
  it('is sent the parameters of the operation and nothing else, once while the answer is kept', async () => {
    const { door, pass } = remote();
    const sent: unknown[] = [];
    const take = (body: unknown): boolean => sent.push(body) > 0;
    server().post('/fhir/CodeSystem/$lookup', take).reply(200, DISPLAY);
    expect(await door.perform('CodeSystem/$lookup', ASKED)).toEqual({ kind: 'done', resource: DISPLAY });
    expect(await door.perform('CodeSystem/$lookup', ASKED)).toEqual({ kind: 'done', resource: DISPLAY });
    expect(sent).toEqual([ASKED]);
    pass(60_001);
    server().post('/fhir/CodeSystem/$lookup').reply(200, DISPLAY);
    await door.perform('CodeSystem/$lookup', ASKED);
  });

  it('passes on what it refuses, in its words', async () => {
    const { door } = remote();
    const outcome = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'not-found', details: { text: 'No such code' } }],
    };
    server().post('/fhir/CodeSystem/$lookup').reply(404, outcome);
    const answer = await door.perform('CodeSystem/$lookup', ASKED);
    expect(answer).toMatchObject({ kind: 'refused', status: 404, findings: [{ message: 'No such code' }] });
  });

  const down: readonly (readonly [string, () => void])[] = [
    ['no connection', () => void server().post('/fhir/CodeSystem/$lookup').replyWithError('refused')],
    ['503', () => void server().post('/fhir/CodeSystem/$lookup').reply(503)],
    ['429', () => void server().post('/fhir/CodeSystem/$lookup').reply(429)],
    ['401', () => void server().post('/fhir/CodeSystem/$lookup').reply(401)],
    ['a page that is no FHIR', () => void server().post('/fhir/CodeSystem/$lookup').reply(200, '<html>')],
  ];
  it.each(down)('when it is down (%s): hold says so, and nothing is guessed', async (_what, arrange) => {
    const { door, lines } = remote('hold');
    arrange();
    expect(await door.perform('CodeSystem/$lookup', ASKED)).toMatchObject({ kind: 'refused', status: 503 });
    expect(lines.join()).toContain('terminology.server-down');
    expect(lines.join()).not.toContain(NEED);
    server().post('/fhir/CodeSystem/$lookup').reply(200, DISPLAY);
    expect(await door.perform('CodeSystem/$lookup', ASKED)).toMatchObject({ kind: 'done' });
  });

  it.each(down)('when it is down (%s): use-local answers from the files', async (_what, arrange) => {
    const { door } = remote('use-local');
    arrange();
    const answer = await door.perform('CodeSystem/$lookup', ASKED);
    expect(JSON.stringify(answer)).toContain('A need, locally');
  });
});

describe('members of value sets from a terminology server', () => {
  const page = (codes: readonly string[], total: number) => ({
    resourceType: 'ValueSet',
    status: 'active',
    expansion: { timestamp: '2026-11-25', total, contains: codes.map((code) => ({ system: SNOMED, code })) },
  });

  it('are fetched page by page before anything is translated, and known from then on', async () => {
    const { door, own } = remote();
    expect(own.member('needs', SNOMED, NEED)).toBe('unknown');
    const asked: unknown[] = [];
    const take = (body: unknown): boolean => asked.push(body) > 0;
    server()
      .post('/fhir/ValueSet/$expand', take)
      .reply(200, page([NEED], 2));
    server()
      .post('/fhir/ValueSet/$expand', take)
      .reply(200, page([REFSET], 2));
    expect(await fetchAll(own, door)).toBe(0);
    expect([NEED, REFSET, OTHER].map((code) => own.member('needs', SNOMED, code))).toEqual(['yes', 'yes', 'no']);
    expect(JSON.stringify(asked[0])).toContain(`fhir_vs=ecl/${encodeURIComponent(`^ ${REFSET}`)}`);
  });

  it('stay unknown while it is down, and while it gives fewer than it counts', async () => {
    const { door, own } = remote();
    server().post('/fhir/ValueSet/$expand').reply(500);
    expect(await fetchAll(own, door)).toBe(1);
    server()
      .post('/fhir/ValueSet/$expand')
      .reply(200, page([NEED], 2));
    server().post('/fhir/ValueSet/$expand').reply(200, page([], 2));
    expect(await fetchAll(own, door)).toBe(1);
    expect(own.member('needs', SNOMED, OTHER)).toBe('unknown');
  });
});
