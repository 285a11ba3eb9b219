import { afterEach, describe, expect, it } from '@jest/globals';
import { Message } from 'node-hl7-client';
import {
  type SystmOneStyle,
  type SystmOneStyleOptions,
  startSystmOneStyle,
} from '../../../../docker/simulators/gp-systmone-style/practice.ts';
import { sendOneMessage } from '../../../../src/cli/hl7-client.ts';
import { type Act, type MllpPeer, scriptedMllpPeer } from '../../../contract/outlet/mllp-peer.ts';
import { NHS_NUMBER, OTHER_NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { ackOf, framed, rawSender } from '../../../fixtures/mllp/raw-sender.ts';
import { MARIGOLD } from '../../../fixtures/simulators/fhir-door.ts';
import { document, result } from '../../../fixtures/simulators/hl7-results.ts';
import { until } from '../../../fixtures/town/until.ts';

/** Hearback's listener: it takes every acknowledgement, unless a test says otherwise. */
let inlet: MllpPeer;
let practice: SystmOneStyle;
afterEach(async () => {
  await practice.stop();
  await inlet.stop();
});

async function open(options: Partial<SystmOneStyleOptions> = {}, act?: Act): Promise<void> {
  inlet = await scriptedMllpPeer(act ?? (({ controlId }, { ack }) => ack('CA', controlId)));
  const ackTo = () => `mllp://127.0.0.1:${inlet.port}`;
  practice = await startSystmOneStyle({ port: 0, patients: [MARIGOLD], ackTo, retryMs: 10, ...options });
}

/** What node-hl7-client is answered. */
function send(text: string): Promise<string> {
  return sendOneMessage(text, { host: '127.0.0.1', port: practice.port, timeoutMs: 10_000 });
}

const ALWAYS = ['AL', 'AL'] as const;
const later = () => inlet.received.map(({ body }) => new Message({ text: body.toString('utf8') }));
const entries = () => practice.record.patient(NHS_NUMBER).consultations.flatMap((one) => one.entries);

describe('a message in enhanced mode', () => {
  it('is kept safe at once, and is in the record, and acknowledged, only when a person has filed it', async () => {
    await open();
    expect(ackOf(await send(result({ id: 'M1', wants: ALWAYS })))).toBe('CA M1');
    expect(practice.inbox()).toMatchObject([{ controlId: 'M1', kind: 'ORU^R01', state: 'waiting' }]);
    expect(entries()).toEqual([]);
    expect(practice.acknowledgements()).toEqual([]);

    practice.file('M1');
    expect(entries()).toMatchObject([{ code: '718466001', value: '19', unit: 'score' }]);
    await until('the acknowledgement is taken', () => practice.acknowledgements()[0]?.state === 'taken');
    const [ack] = later();
    expect(ack?.get('MSA.1').toString()).toBe('AA');
    expect(ack?.get('MSA.2').toString()).toBe('M1');
    expect(`${ack?.get('MSH.9.1')} ${ack?.get('MSH.9.2')}`).toBe('ACK R01');
    expect([ack?.get('MSH.15').toString(), ack?.get('MSH.16').toString()]).toEqual(['AL', 'NE']);
    expect([ack?.get('MSH.3').toString(), ack?.get('MSH.5').toString()]).toEqual(['PRACTICE', 'HEARBACK']);
  });

  it('is refused afterwards, with the reason, when the person rejects it', async () => {
    await open();
    await send(result({ id: 'M1', wants: ALWAYS }));
    practice.reject('W1', { reason: 'Not our patient|really\rMSA|AA|M1', code: 'AR' });
    await until('the refusal is taken', () => practice.acknowledgements()[0]?.state === 'taken');
    const text = inlet.received[0]?.body.toString() ?? '';
    expect(ackOf(text)).toBe('AR M1');
    expect(text.split('\r').filter((line) => line.startsWith('MSA'))).toHaveLength(1);
    expect(text).toContain('ERR|||^^^REJECTED^Rejected by a person at the practice^L|E||||Not our patient\\F\\really');
    expect(entries()).toEqual([]);
  });

  it('may be rejected after it was filed: it leaves the record, and that is told too', async () => {
    await open();
    await send(result({ id: 'M1', wants: ALWAYS }));
    practice.file('M1');
    practice.reject('M1');
    expect(entries()).toEqual([]);
    await until('both are taken', () => practice.acknowledgements().every(({ state }) => state === 'taken'));
    expect(practice.acknowledgements().map(({ code }) => code)).toEqual(['AA', 'AE']);
    expect(() => practice.file('M1')).toThrow('rejected already');
    expect(() => practice.file('nothing')).toThrow('has no');
  });

  it.each([
    ['AL', 'NE', 'file', 'CA', []],
    ['AL', 'SU', 'file', 'CA', ['AA']],
    ['AL', 'ER', 'file', 'CA', []],
    ['AL', 'ER', 'reject', 'CA', ['AE']],
    ['AL', 'SU', 'reject', 'CA', []],
  ] as const)('with MSH-15 %s and MSH-16 %s: %s gives %s and later %j', async (accept, application, act, now, then) => {
    await open();
    expect(ackOf(await send(result({ id: 'M1', wants: [accept, application] })))).toBe(`${now} M1`);
    practice[act]('M1');
    expect(practice.acknowledgements().map(({ code }) => code)).toEqual(then);
  });

  it('is not answered at once where MSH-15 does not ask, only when it is filed', async () => {
    await open();
    const sender = await rawSender(practice.port);
    sender.say(framed(result({ id: 'M1', wants: ['NE', 'AL'] })) + framed(result({ id: 'M2', wants: ALWAYS })));
    expect((await sender.hears(1)).map(ackOf)).toEqual(['CA M2']);
    practice.file('M1');
    expect(practice.acknowledgements()).toMatchObject([{ answers: 'M1', code: 'AA' }]);
    sender.stop();
  });

  it('has its acknowledgement sent again under one MSH-10 until the other end takes it', async () => {
    let attempts = 0;
    await open({}, ({ controlId }, { ack, socket }) => {
      attempts += 1;
      if (attempts === 1) socket.destroy();
      else ack('CA', attempts === 2 ? 'SOMETHING-ELSE' : controlId);
    });
    await send(result({ id: 'M1', wants: ALWAYS }));
    practice.file('M1');
    await until('it is taken', () => practice.acknowledgements()[0]?.state === 'taken');
    expect(practice.acknowledgements()).toMatchObject([{ tries: 3 }]);
    expect(new Set(inlet.received.map(({ controlId }) => controlId)).size).toBe(1);
  });

  it('has an acknowledgement that the other end refuses sent once', async () => {
    await open({}, ({ controlId }, { ack }) => ack('AR', controlId));
    await send(result({ id: 'M1', wants: ALWAYS }));
    practice.file('M1');
    await until('it is refused', () => practice.acknowledgements()[0]?.state === 'refused');
    expect(inlet.received).toHaveLength(1);
  });
});

describe('a message in original mode', () => {
  it('is answered AA when it came, and never again: nobody asked for more', async () => {
    await open();
    expect(ackOf(await send(result({ id: 'M1' })))).toBe('AA M1');
    expect(practice.inbox()).toMatchObject([{ state: 'waiting' }]);
    practice.file('M1');
    expect(practice.acknowledgements()).toEqual([]);
    expect(entries()).toHaveLength(1);
  });
});

describe('a practice that tells everybody what it decides', () => {
  it('does so for a message in original mode too, under its own name', async () => {
    await open({ tellsDecisions: 'always', application: 'TREE' });
    expect(ackOf(await send(result({ id: 'M1' })))).toBe('AA M1');
    await send(result({ id: 'M2' }));
    practice.file('M1');
    practice.reject('M2');
    await until('both are taken', () => practice.acknowledgements().every(({ state }) => state === 'taken'));
    const told = later().map((one) => `${one.get('MSH.3')} ${one.get('MSA.1')} ${one.get('MSA.2')}`);
    expect(told.sort()).toEqual(['TREE AA M1', 'TREE AE M2']);
  });
});

describe('the person at the practice', () => {
  it('may be arranged to file everything after a while, or to act by patient', async () => {
    await open({
      autoFileMs: 5,
      playbook: new Map([[OTHER_NHS_NUMBER, { then: 'reject', afterMs: 5 }]]),
      match: 'off',
    });
    await send(result({ id: 'M1', wants: ALWAYS }));
    await send(result({ id: 'M2', wants: ALWAYS, nhsNumber: OTHER_NHS_NUMBER }));
    await until('both are decided', () => practice.inbox().every(({ state }) => state !== 'waiting'));
    expect(practice.inbox().map(({ state }) => state)).toEqual(['filed', 'rejected']);
  });

  it('finds the buttons on a page', async () => {
    await open();
    await send(result({ id: 'M1', wants: ALWAYS }));
    const page = await (await fetch(`${practice.url}/inbox`)).text();
    expect(page).toContain('<form method="post" action="/inbox/W1/file">');
    const pressed = await fetch(`${practice.url}/inbox/W1/file`, { method: 'POST', redirect: 'manual' });
    expect(pressed.status).toBe(303);
    expect(entries()).toHaveLength(1);
    expect((await fetch(`${practice.url}/inbox/W1/file`, { method: 'POST' })).status).toBe(409);
    expect((await fetch(`${practice.url}/inbox/W1/burn`, { method: 'POST' })).status).toBe(404);
  });
});

describe('the same message again', () => {
  it('is one item, and is told once more what became of it', async () => {
    await open();
    await send(result({ id: 'M1', wants: ALWAYS }));
    practice.file('M1');
    expect(ackOf(await send(result({ id: 'M1', wants: ALWAYS })))).toBe('CA M1');
    expect(practice.inbox()).toMatchObject([{ repeats: 1, state: 'filed' }]);
    expect(entries()).toHaveLength(1);
    expect(practice.acknowledgements().map(({ code }) => code)).toEqual(['AA', 'AA']);
    expect(practice.received()).toHaveLength(2);
  });

  it('with other content is refused', async () => {
    await open();
    await send(result({ id: 'M1' }));
    const answer = await send(result({ id: 'M1', rest: ['OBX|1|NM|1^Other^L||20'] }));
    expect(ackOf(answer)).toBe('AE M1');
    expect(answer).toContain('205^Duplicate key identifier');
  });
});

describe('a practice that has switched structured messages off', () => {
  it('refuses them in either mode, and takes documents', async () => {
    await open();
    practice.switchOff();
    const original = await send(result({ id: 'M1' }));
    expect(ackOf(original)).toBe('AR M1');
    expect(original).toContain(
      'ERR||MSH^1^9|200^Unsupported message type^HL70357|E||||Structured messages are switched off',
    );
    expect(ackOf(await send(result({ id: 'M2', wants: ALWAYS })))).toBe('CR M2');
    expect(ackOf(await send(document('M3', Buffer.from('%PDF'), { wants: ALWAYS })))).toBe('CA M3');
    expect(practice.inbox().map(({ controlId }) => controlId)).toEqual(['M3']);
    practice.switchOn();
    expect(ackOf(await send(result({ id: 'M1' })))).toBe('AA M1');
  });

  it('sends the refusal by itself where only MSH-16 asks for one', async () => {
    await open();
    practice.switchOff();
    const sender = await rawSender(practice.port);
    sender.say(framed(result({ id: 'M1', wants: ['NE', 'AL'] })));
    await until('it is told', () => practice.acknowledgements()[0]?.state === 'taken');
    expect(practice.acknowledgements()).toMatchObject([{ answers: 'M1', code: 'AR' }]);
    expect(sender.heard()).toEqual([]);
    sender.stop();
  });

  it('can be told so over the control door', async () => {
    await open();
    const headers = { 'content-type': 'application/json' };
    const ask = (body: string) => fetch(`${practice.url}/control/switch`, { method: 'POST', headers, body });
    expect((await ask('{"structured":false}')).status).toBe(200);
    expect(ackOf(await send(result({ id: 'M1' })))).toBe('AR M1');
    expect((await ask('{"structured":"perhaps"}')).status).toBe(400);
  });
});

describe('a message about somebody else', () => {
  it.each([
    ['surname', { family: 'Thistlewoode' }, 'PID^1^5'],
    ['birth date', { born: '19510703' }, 'PID^1^7'],
    ['gender', { sex: 'M' }, 'PID^1^8'],
  ])('is refused when the %s differs, with its place and without its value', async (name, said, place) => {
    await open();
    const answer = await send(result({ id: 'M1', ...said }));
    expect(ackOf(answer)).toBe('AE M1');
    expect(answer).toContain(
      `ERR||${place}|204^Unknown key identifier^HL70357|E||||The patient does not match: ${name}.`,
    );
    expect(answer).not.toMatch(/thistlewood|1951/i);
    expect(practice.inbox()).toEqual([]);
  });

  it('is kept safe and refused afterwards in enhanced mode, or at once where nobody wants to hear later', async () => {
    await open();
    expect(ackOf(await send(result({ id: 'M1', wants: ALWAYS, nhsNumber: OTHER_NHS_NUMBER })))).toBe('CA M1');
    await until('the refusal is taken', () => practice.acknowledgements()[0]?.state === 'taken');
    expect(ackOf(inlet.received[0]?.body.toString())).toBe('AE M1');
    expect(ackOf(await send(result({ id: 'M2', wants: ['AL', 'NE'], nhsNumber: OTHER_NHS_NUMBER })))).toBe('CE M2');
    expect(practice.inbox()).toEqual([]);
  });

  it('says which practice has the patient now', async () => {
    await open({ patients: [{ ...MARIGOLD, movedTo: 'Z99009' }] });
    expect(await send(result({ id: 'M1' }))).toContain('registered with another practice now: Z99009.');
  });

  it('needs a PID segment', async () => {
    await open();
    const answer = await send(result({ id: 'M1' }).replace(/PID[^\r]*\r/, ''));
    expect(answer).toContain('100^Segment sequence error');
  });
});

describe('what this practice does not take', () => {
  it.each([
    ['ADT^A08^ADT_A01', '200^Unsupported message type'],
    ['ORU^R30^ORU_R30', '201^Unsupported event code'],
    ['constructor^R01', '200^Unsupported message type'],
  ])('%s is rejected with %s', async (type, code) => {
    await open();
    const answer = await send(result({ id: 'M1', type }));
    expect(ackOf(answer)).toBe('AR M1');
    expect(answer).toContain(code);
  });

  it('cannot be read: it is rejected, and the connection goes on', async () => {
    await open();
    const sender = await rawSender(practice.port);
    sender.say(framed('rubbish') + framed(result({ id: '' })) + framed(result({ id: 'M1' })));
    expect((await sender.hears(3)).map(ackOf)).toEqual(['AR ', 'AR ', 'AA M1']);
    sender.stop();
  });

  it('arrives while it is down: nobody is answered', async () => {
    await open();
    practice.setTemper({ down: true });
    const sender = await rawSender(practice.port);
    sender.say(framed(result({ id: 'M1' })));
    await until('the connection is closed', sender.closed);
    expect(sender.heard()).toEqual([]);
    expect(practice.inbox()).toEqual([]);
  });
});
