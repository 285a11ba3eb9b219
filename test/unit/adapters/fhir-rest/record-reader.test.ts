import { afterEach, describe, expect, it } from '@jest/globals';
import { fhirRecordReader } from '../../../../src/adapters/fhir-rest/record-reader.ts';
import { newHttpClient } from '../../../../src/adapters/http-client/http-client.ts';
import type { RecordReader, WantedEntries } from '../../../../src/ports.ts';
import {
  type HttpPeer,
  type PeerReply,
  type ReceivedRequest,
  scriptedPeer,
} from '../../../contract/outlet/http-peer.ts';

const SYSTEM = 'https://hearback.example/fhir/Id/entry';
const WANTED: readonly WantedEntries[] = [
  { type: 'Observation', system: SYSTEM, values: ['one', 'two'] },
  { type: 'QuestionnaireResponse', system: SYSTEM, values: ['three'] },
];
const observation = { resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'Zoë Testpatient' } };
const response = { resourceType: 'QuestionnaireResponse', id: 'q1', status: 'completed' };

function searchset(...resources: readonly object[]): PeerReply {
  const entry = resources.map((resource) => ({ resource, search: { mode: 'match' } }));
  const body = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: entry.length, entry });
  return { status: 200, headers: { 'content-type': 'application/fhir+json' }, body };
}

describe('reading a record over FHIR', () => {
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
  });

  const readerOf = (origin: string, failures = 5): RecordReader => {
    const reader = fhirRecordReader(
      {
        partner: 'elm',
        url: `${origin}/fhir`,
        token: 'secret',
        timeoutMs: 2_000,
        local: true,
        circuit: { failures, openMs: 60_000 },
      },
      {
        newHttpClient,
        clock: { now: () => new Date('2026-11-21T09:00:00.000Z') },
        log: { info() {}, warn() {}, error() {} },
        random: () => 0,
      },
    );
    open.push(reader);
    return reader;
  };
  const peerWith = async (reply: (request: ReceivedRequest) => PeerReply): Promise<HttpPeer> => {
    const peer = await scriptedPeer((request, answer) => {
      const { status, headers, body } = reply(request);
      answer.writeHead(status, headers).end(body);
    });
    open.push(peer);
    return peer;
  };
  const read = (reader: RecordReader, wanted = WANTED) => reader.read(wanted, 'case-1', new AbortController().signal);

  it('searches each type by its identifiers in the body, so that none stands in a URL', async () => {
    const peer = await peerWith(({ path }) => searchset(path.includes('Observation') ? observation : response));
    const came = await read(readerOf(peer.origin));
    expect(came).toMatchObject({ kind: 'read', resources: [observation, response] });
    expect(peer.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /fhir/Observation/_search',
      'POST /fhir/QuestionnaireResponse/_search',
    ]);
    const [first] = peer.received;
    expect(new URLSearchParams(first?.body.toString()).get('identifier')).toBe(`${SYSTEM}|one,${SYSTEM}|two`);
    expect(first?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-correlation-id': 'case-1' });
  });

  it('keeps the answers as they came', async () => {
    const peer = await peerWith(() => searchset(observation));
    const came = await read(readerOf(peer.origin), WANTED.slice(0, 1));
    const [reply] = came.kind === 'read' ? came.replies : [];
    expect(Buffer.from(reply?.body ?? []).toString()).toBe(searchset(observation).body);
  });

  it('takes only matches of the type that was asked for', async () => {
    const remark = { resourceType: 'OperationOutcome', issue: [] };
    const peer = await peerWith(() => searchset(response, remark, observation));
    expect(await read(readerOf(peer.origin), WANTED.slice(0, 1))).toMatchObject({ resources: [observation] });
  });

  it.each([
    [503, 'transient'],
    [429, 'transient'],
    [500, 'transient'],
    [401, 'permanent'],
    [404, 'permanent'],
    [501, 'permanent'],
  ] as const)('%s is %s', async (status, kind) => {
    const peer = await peerWith(() => ({ status, headers: { 'retry-after': '7' }, body: 'Zoë Testpatient' }));
    const came = await read(readerOf(peer.origin));
    expect(came.kind).toBe(kind);
    expect(peer.received).toHaveLength(1);
    if (kind === 'transient') expect(came).toMatchObject({ retryAfterMs: 7_000 });
    const { reason } = came as { reason: string };
    expect(reason).toMatch(/^http-\d{3}: /);
    expect(reason).not.toContain('Testpatient');
  });

  it.each([
    ['no searchset', { status: 200, headers: { 'content-type': 'application/fhir+json' }, body: '{}' }],
    ['no JSON', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Log in</p>' }],
  ])('%s is permanent: it must not pass for an empty record', async (_what, reply) => {
    const peer = await peerWith(() => reply);
    expect(await read(readerOf(peer.origin))).toMatchObject({ kind: 'permanent' });
  });

  it('may ask again when nobody listens', async () => {
    const peer = await peerWith(() => searchset());
    await peer.stop();
    expect(await read(readerOf(peer.origin))).toMatchObject({ kind: 'transient' });
  });

  it('leaves a record in peace that fails again and again', async () => {
    const peer = await peerWith(() => ({ status: 503, body: '' }));
    const reader = readerOf(peer.origin, 2);
    for (let time = 0; time < 2; time += 1) await read(reader);
    expect(await read(reader)).toMatchObject({ kind: 'transient', unsent: true });
    expect(peer.received).toHaveLength(2);
  });

  it('escapes what would part a value', async () => {
    const peer = await peerWith(() => searchset());
    await read(readerOf(peer.origin), [{ type: 'Observation', system: 'urn:a', values: ['x,y|z$\\'] }]);
    const form = new URLSearchParams(peer.received[0]?.body.toString());
    expect(form.get('identifier')).toBe('urn:a|x\\,y\\|z\\$\\\\');
  });
});
