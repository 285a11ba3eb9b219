import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readAcknowledgement } from '../core/hl7v2/read-acknowledgement.ts';
import { sendOneMessage, type Target } from './hl7-client.ts';
import { readLimit } from './option-values.ts';

interface SendOptions {
  readonly to: Target;
  readonly tls?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly timeout: number;
}

/** `hearback hl7`: HL7 v2 by hand. */
export function hl7Command(): Command {
  return new Command('hl7').description('Send HL7 v2 messages by hand.').addCommand(sendCommand());
}

/** `hearback hl7 send FILE --to HOST:PORT`: one message after the other, each with its acknowledgement. */
function sendCommand(): Command {
  return new Command('send')
    .description('Send the messages of a file (UTF-8) over MLLP with node-hl7-client, and print what is answered.')
    .argument('<file>', 'one message, or several, each beginning with MSH')
    .addOption(new Option('--to <host:port>', 'where it is listened').argParser(readTarget).makeOptionMandatory())
    .option('--tls', 'speak TLS')
    .option('--ca <file>', 'PEM of the authority behind its certificate (implies --tls)')
    .option('--cert <file>', 'PEM of the certificate to show (implies --tls)')
    .option('--key <file>', 'PEM of its key')
    .option('--timeout <seconds>', 'how long to wait for each acknowledgement', readLimit, 30)
    .action(async (file: string, options: SendOptions) => {
      const messages = messagesIn(readFileSync(file, 'utf8'));
      if (messages.length === 0) throw new Error('There is no message in the file: nothing in it begins with MSH.');
      for (const message of messages) await sendAndTell(message, options);
    });
}

async function sendAndTell(message: string, options: SendOptions): Promise<void> {
  const tls = tlsOf(options);
  const { to, timeout } = options;
  const answer = await sendOneMessage(message, { ...to, ...(tls && { tls }), timeoutMs: timeout * 1_000 });
  console.log(answer.replace(/\r\n?/g, '\n').trimEnd());
  const code = readAcknowledgement(Buffer.from(answer))?.code;
  if (code !== 'AA' && code !== 'CA') process.exitCode = 1;
}

/** A segment ends with CR on the wire, however the file has it. Batch envelopes are left out: frames say where messages end. */
function messagesIn(text: string): string[] {
  const segments = text
    .split(/\r\n|\r|\n/)
    .filter((segment) => segment !== '' && !/^(?:FHS|BHS|BTS|FTS)/.test(segment));
  const messages: string[][] = [];
  for (const segment of segments) {
    if (segment.startsWith('MSH')) messages.push([segment]);
    else messages.at(-1)?.push(segment);
  }
  return messages.map((one) => `${one.join('\r')}\r`);
}

function tlsOf({ tls, ca, cert, key }: SendOptions): ConnectionOptions | undefined {
  if (tls !== true && ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca: readFileSync(ca) }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
  };
}

function readTarget(text: string): Target {
  const [, host = '', port = ''] = /^(?:mllps?:\/\/)?\[?([^\s\][]+?)\]?:(\d{1,5})\/?$/.exec(text) ?? [];
  if (host === '') throw new InvalidArgumentError('Write it like 127.0.0.1:2575.');
  return { host, port: Number(port) };
}
