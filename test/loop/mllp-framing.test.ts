import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ref } from '../fixtures/mllp/messages.ts';
import { type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { until } from '../fixtures/town/until.ts';

let town: MllpTown;
const open: RawSender[] = [];
beforeAll(async () => {
  town = await startMllpTown();
});
afterAll(() => town.stop());
afterEach(() => {
  for (const sender of open.splice(0)) sender.stop();
});

async function sender(): Promise<RawSender> {
  const made = await rawSender(town.mllpPort('elm'));
  open.push(made);
  return made;
}

/** What the record holds of a message, by its control id. */
async function recorded(id: string) {
  for (const { message } of await town.store.journal({ partner: 'elm', limit: 1_000 })) {
    const found = message === undefined ? undefined : await town.store.message(message);
    if (found?.identity === id) return found;
  }
  return undefined;
}

describe('a real engine, and bytes as they come', () => {
  it('two frames in a packet are two messages, answered in their order', async () => {
    const gp = await sender();
    gp.say(framed(ref({ id: 'TWO-A' })) + framed(ref({ id: 'TWO-B' })));
    expect((await gp.hears(2)).map(ackOf)).toEqual(['AA TWO-A', 'AA TWO-B']);
  });

  it('a frame that comes byte by byte is one message', async () => {
    const gp = await sender();
    gp.socket.setNoDelay(true);
    for (const byte of Buffer.from(framed(ref({ id: 'BYTES' })))) {
      gp.say(Buffer.of(byte));
      if (byte === 0x0d) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await gp.hears(1)).map(ackOf)).toEqual(['AA BYTES']);
  });

  it('a frame without its end is no message, and nobody is told that it was taken', async () => {
    const gp = await sender();
    gp.say(`\x0b${ref({ id: 'ENDLESS' })}`);
    const other = await sender();
    other.say(framed(ref({ id: 'MEANWHILE' })));
    expect((await other.hears(1)).map(ackOf)).toEqual(['AA MEANWHILE']);
    gp.socket.end();
    await until('the connection is closed', gp.closed);
    expect(gp.heard()).toEqual([]);
    expect(await recorded('ENDLESS')).toBeUndefined();
  });

  it('what stands between frames is passed over', async () => {
    const gp = await sender();
    gp.say(
      `GET / HTTP/1.1\r\n\r\n${framed(ref({ id: 'NOISE-A' }))}\r\n\r\nMSH|nothing\r${framed(ref({ id: 'NOISE-B' }))}`,
    );
    expect((await gp.hears(2)).map(ackOf)).toEqual(['AA NOISE-A', 'AA NOISE-B']);
  });

  it('an end block inside a text does not end the message', async () => {
    const gp = await sender();
    const body = `${ref({ id: 'INSIDE' })}ZTX|1|before \x1c after \x0b and on\r`;
    gp.say(framed(body));
    expect((await gp.hears(1)).map(ackOf)).toEqual(['AA INSIDE']);
    expect(Buffer.from((await recorded('INSIDE'))?.body ?? []).toString('latin1')).toBe(body);
  });

  it('10 MB are a message like any other, and are kept whole', async () => {
    const gp = await sender();
    const letter = 'JVBERi0xLjcK'.repeat(875_000);
    const body = `${ref({ id: 'LARGE' })}OBX|1|ED|LETTER^Letter^L||^application^pdf^Base64^${letter}||||||F\r`;
    gp.say(framed(body));
    expect((await gp.hears(1)).map(ackOf)).toEqual(['AA LARGE']);
    expect((await recorded('LARGE'))?.body.byteLength).toBe(body.length);
  });

  it('more than is taken is refused with a reason, and the connection is closed', async () => {
    const gp = await sender();
    gp.say(framed(`${ref({ id: 'HUGE' })}NTE|1||${'x'.repeat(21 * 1024 * 1024)}\r`));
    const [answer] = await gp.hears(1);
    expect(ackOf(answer)).toBe('AE HUGE');
    expect(answer).toContain('|104^');
    await until('the connection is closed', gp.closed);
  });

  it('500 idle connections are in nobody’s way', async () => {
    const idle = await Promise.all(Array.from({ length: 500 }, () => sender()));
    const last = idle.at(-1);
    last?.say(framed(ref({ id: 'CROWD' })));
    expect((await last?.hears(1))?.map(ackOf)).toEqual(['AA CROWD']);
    expect(idle.some((one) => one.closed())).toBe(false);
  });

  it('a peer that never reads what it is answered is not read either, and stops nobody else', async () => {
    const deaf = await sender();
    deaf.socket.pause();
    const unknown = framed(ref({ id: 'DEAF', version: '9.9', notes: ['x'.repeat(2_000)] }));
    let said = 0;
    while (deaf.socket.writableLength < 1024 * 1024) {
      deaf.say(unknown);
      said += 1;
      if (said % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const other = await sender();
    other.say(framed(ref({ id: 'HEARING' })));
    expect((await other.hears(1)).map(ackOf)).toEqual(['AA HEARING']);
  });
});
