import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { hl7Command } from '../../../src/cli/hl7-send.ts';
import { type MllpPeer, scriptedMllpPeer } from '../../contract/outlet/mllp-peer.ts';
import { ref } from '../../fixtures/mllp/messages.ts';

let directory: string;
let peer: MllpPeer;
let printed = '';
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-send-'));
  peer = await scriptedMllpPeer(({ controlId }, { ack }) => ack(controlId === 'BAD' ? 'AE' : 'AA', controlId));
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((...given: unknown[]) => {
    printed += `${format(...given)}\n`;
  });
  process.exitCode = 0;
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  await peer.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function send(text: string): Promise<unknown> {
  const file = join(directory, 'messages.hl7');
  writeFileSync(file, text);
  const program = new Command('hearback').exitOverride().addCommand(hl7Command());
  await program.parseAsync(['hl7', 'send', file, '--to', `127.0.0.1:${peer.port}`], { from: 'user' });
  return process.exitCode;
}

describe('hearback hl7 send', () => {
  it('sends every message of a file, one after the other, byte for byte, and prints each acknowledgement', async () => {
    const messages = [ref({ id: 'ONE', family: 'Zoë' }), ref({ id: 'TWO', notes: ['a \\T\\ b'] })];
    expect(await send(`FHS|^~\\&|A\n${messages.join('').replaceAll('\r', '\n')}FTS|1\n`)).toBe(0);
    expect(peer.received.map(({ body }) => body.toString('utf8').trimEnd())).toEqual(
      messages.map((one) => one.trimEnd()),
    );
    expect(printed.match(/MSA\|AA\|\w+/g)).toEqual(['MSA|AA|ONE', 'MSA|AA|TWO']);
    expect(peer.mostAtOnce()).toBe(1);
  });

  it('ends with 1 when one was refused, and sends the others all the same', async () => {
    expect(await send(ref({ id: 'BAD' }) + ref({ id: 'GOOD' }))).toBe(1);
    expect(printed.match(/MSA\|A\w\|\w+/g)).toEqual(['MSA|AE|BAD', 'MSA|AA|GOOD']);
  });

  it('says that nobody can be spoken to, and that there is nothing to send', async () => {
    await expect(send('nothing of the kind\n')).rejects.toThrow('There is no message in the file');
    await peer.stop();
    await expect(send(ref({ id: 'ONE' }))).rejects.toThrow('cannot be spoken to: ECONNREFUSED');
  });
});
