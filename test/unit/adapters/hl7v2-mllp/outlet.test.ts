import { afterEach, describe, expect, it } from '@jest/globals';
import { type MllpOutletOptions, mllpOutlet } from '../../../../src/adapters/hl7v2-mllp/outlet.ts';
import type { Delivery, Outlet, SendResult } from '../../../../src/ports.ts';
import { type Act, ackFrame, type MllpPeer, scriptedMllpPeer } from '../../../contract/outlet/mllp-peer.ts';
import * as pem from '../../../fixtures/mllp/certificates.ts';
import { until } from '../../../fixtures/town/until.ts';

const ending: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of ending.splice(0)) await one.stop();
});

interface Heard {
  readonly event: string;
  readonly fields: unknown;
}

async function start(act: Act, options: Partial<MllpOutletOptions> = {}) {
  const peer = await scriptedMllpPeer(act);
  const { outlet, heard } = outletTo(peer, options);
  ending.push(outlet, peer);
  return { peer, outlet, heard };
}

function outletTo(peer: MllpPeer, options: Partial<MllpOutletOptions>): { outlet: Outlet; heard: Heard[] } {
  const heard: Heard[] = [];
  const note = (event: string, fields?: unknown): void => void heard.push({ event, fields });
  const outlet = mllpOutlet(
    {
      partner: 'elm',
      address: { host: '127.0.0.1', port: peer.port },
      level: 'technical',
      idempotent: false,
      concurrency: 1,
      circuit: { failures: 5, openMs: 30_000 },
      timeoutMs: 5_000,
      ...options,
    },
    { clock: { now: () => new Date() }, log: { info: note, warn: note, error: note }, random: () => 0 },
  );
  return { outlet, heard };
}

const bodyOf = (id: string, text = 'x') => `MSH|^~\\&|HB||||20261121||ORU^R01|${id}|P|2.5.1\rNTE|1||${text}\r`;

function send(outlet: Outlet, id: string, body = bodyOf(id)): Promise<SendResult> {
  const delivery: Delivery = {
    leg: id,
    purpose: 'write-back',
    idempotencyKey: id,
    correlation: 'c',
    contentType: 'x-application/hl7-v2+er7',
    body: Buffer.from(body, 'latin1'),
    attempt: 1,
  };
  return outlet.send(delivery, new AbortController().signal);
}

describe('the MLLP outlet', () => {
  it('keeps its connection, and sends one message after the other', async () => {
    const { peer, outlet } = await start(({ controlId }, { ack }) => ack('AA', controlId));
    const results = await Promise.all(['A1', 'A2', 'A3'].map((id) => send(outlet, id)));
    expect(results.map(({ kind }) => kind)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect([peer.connections(), peer.mostAtOnce()]).toEqual([1, 1]);
  });

  it('waits for the acknowledgement that answers its message, whatever comes before', async () => {
    const { outlet, heard } = await start(({ controlId }, { ack, raw }) => {
      ack('AA', 'SOMEBODY-ELSES');
      raw('\x0bMSH|^~\\&|P||||20261121||ADT^A28|1|P|2.5.1\r\x1c\r');
      raw('noise');
      ack('AE', controlId, ['ERR|||101^Required field missing^HL70357|E']);
    });
    expect(await send(outlet, 'A1')).toMatchObject({
      kind: 'permanent',
      reason: expect.stringMatching(/^hl7-AE-101: /),
    });
    expect(heard.map(({ event }) => event)).toEqual(['mllp.strange-ack', 'mllp.strange-message']);
    expect(JSON.stringify(heard)).not.toContain('SOMEBODY');
  });

  it('does not take the answer to another message for its own, however long it waits', async () => {
    const { outlet } = await start((_message, { ack }) => ack('AA', 'WRONG'), { timeoutMs: 100 });
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'ambiguous' });
  });

  it('does not know whether a message arrived that is never acknowledged, and sends the next on a new connection', async () => {
    const { peer, outlet } = await start(
      ({ controlId }, { ack }) => {
        if (controlId !== 'A1') ack('AA', controlId);
      },
      { timeoutMs: 150 },
    );
    expect(await send(outlet, 'A1')).toMatchObject({
      kind: 'ambiguous',
      reason: expect.stringMatching(/^NO_ACKNOWLEDGEMENT: /),
    });
    expect(await send(outlet, 'A2')).toMatchObject({ kind: 'acknowledged' });
    expect(peer.connections()).toBe(2);
  });

  it('hears an acknowledgement that comes late, and does not send again what it answers', async () => {
    let late = (): void => {};
    const { peer, outlet, heard } = await start(
      ({ controlId }, { ack }) => {
        if (controlId !== 'A1') return ack('AA', controlId);
        late = () => ack('AA', 'A1');
      },
      { timeoutMs: 150 },
    );
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'ambiguous' });
    late();
    await until('it was heard', () => heard.some(({ event }) => event === 'mllp.late-ack'));
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'acknowledged', level: 'technical' });
    expect(await send(outlet, 'A2')).toMatchObject({ kind: 'acknowledged' });
    expect(peer.received.map(({ controlId }) => controlId)).toEqual(['A1', 'A2']);
    // Slow is not gone: what it says late shows that it is there.
    expect(peer.connections()).toBe(1);
  });

  it('waits for the application where an accept acknowledgement is only half of the answer', async () => {
    const both: Act = ({ controlId }, { ack }) => {
      ack('CA', controlId);
      ack('AE', controlId, ['ERR|PID^1^3^204&Unknown key identifier&HL70357']);
    };
    const { outlet } = await start(both);
    expect(await send(outlet, 'A1')).toMatchObject({
      kind: 'permanent',
      reason: expect.stringMatching(/^hl7-AE-204: /),
    });
    const { outlet: modest } = await start(both, { level: 'transport' });
    expect(await send(modest, 'A1')).toMatchObject({ kind: 'acknowledged', level: 'transport' });
  });

  it('knows at least that a message is kept safe when its application says nothing more', async () => {
    const { outlet } = await start(({ controlId }, { ack }) => ack('CA', controlId), { timeoutMs: 100 });
    expect(await send(outlet, 'A1')).toMatchObject({
      kind: 'acknowledged',
      level: 'transport',
      reply: { status: 200 },
    });
  });

  it('reads an answer that comes byte by byte behind another one in one packet', async () => {
    const { outlet } = await start(async ({ controlId }, { raw }) => {
      raw(ackFrame('AA', 'OTHER') + ackFrame('AA', controlId).slice(0, 1));
      for (const byte of ackFrame('AA', controlId).slice(1)) raw(byte);
    });
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'acknowledged' });
  });

  it('opens a new connection when the partner closed the old one in between', async () => {
    const { peer, outlet } = await start(({ controlId }, { ack, socket }) => {
      ack('AA', controlId);
      socket.end();
    });
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'acknowledged' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await send(outlet, 'A2')).toMatchObject({ kind: 'acknowledged' });
    expect(peer.connections()).toBe(2);
  });

  it('sends nothing that its frame would cut, or that no answer could be matched to', async () => {
    const { peer, outlet } = await start(() => {});
    expect(await send(outlet, 'A1', bodyOf('A1', 'a\x1c\rb'))).toMatchObject({
      kind: 'permanent',
      findings: [{ rule: 'mllp/frame' }],
    });
    expect(await send(outlet, '', bodyOf(''))).toMatchObject({ findings: [{ rule: 'mllp/control-id' }] });
    expect(await send(outlet, 'A1', '{}')).toMatchObject({ findings: [{ rule: 'mllp/control-id' }] });
    expect(peer.received).toEqual([]);
  });

  it('leaves a partner in peace that is not there', async () => {
    const peer = await scriptedMllpPeer(() => {});
    await peer.stop();
    const { outlet } = outletTo(peer, { circuit: { failures: 2, openMs: 30_000 } });
    ending.push(outlet);
    expect(await send(outlet, 'A1')).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^ECONNREFUSED: /),
    });
    await send(outlet, 'A1');
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'transient', unsent: true });
    expect(outlet.closedFor()).toBeGreaterThan(0);
  });
});

describe('the MLLP outlet over TLS', () => {
  const asks = { key: pem.SERVER_KEY, cert: pem.SERVER_CERTIFICATE, ca: pem.AUTHORITY, requestCert: true };

  async function startTls(tls: NonNullable<MllpOutletOptions['address']['tls']>) {
    const peer = await scriptedMllpPeer(({ controlId }, { ack }) => ack('AA', controlId), asks);
    const { outlet } = outletTo(peer, { address: { host: '127.0.0.1', port: peer.port, tls } });
    ending.push(outlet, peer);
    return { peer, outlet };
  }

  it('shows its certificate, and is acknowledged', async () => {
    const { outlet } = await startTls({ ca: pem.AUTHORITY, cert: pem.GP_CERTIFICATE, key: pem.GP_KEY });
    expect(await send(outlet, 'A1')).toMatchObject({ kind: 'acknowledged' });
  });

  it('knows that nothing was taken when the partner refuses the handshake', async () => {
    const { peer, outlet } = await startTls({ ca: pem.AUTHORITY });
    expect(await send(outlet, 'A1')).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: /),
    });
    expect(peer.received).toEqual([]);
  });

  it('says nothing to a partner whose certificate nobody vouches for, or that bears another name', async () => {
    const shown = { cert: pem.GP_CERTIFICATE, key: pem.GP_KEY };
    const unknown = await startTls(shown);
    expect(await send(unknown.outlet, 'A1')).toMatchObject({ kind: 'transient' });
    const misnamed = await startTls({ ...shown, ca: pem.AUTHORITY, serverName: 'elm.example.nhs.uk' });
    expect(await send(misnamed.outlet, 'A1')).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^ERR_TLS_CERT_ALTNAME_INVALID: /),
    });
    expect([...unknown.peer.received, ...misnamed.peer.received]).toEqual([]);
  });
});
