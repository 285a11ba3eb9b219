import type { ConnectionOptions } from 'node:tls';
import { Client, type InboundResponse, Message } from 'node-hl7-client';

export interface Target {
  readonly host: string;
  readonly port: number;
}

interface Sending extends Target {
  readonly tls?: ConnectionOptions;
  readonly timeoutMs: number;
}

/**
 * Sends one message on a connection of its own. The package hangs the process when a second message is sent on a connection
 * before the first is acknowledged, so that there is never a second one.
 * @returns the acknowledgement; rejects when none comes
 */
export function sendOneMessage(text: string, { host, port, tls, timeoutMs }: Sending): Promise<string> {
  // Without a time limit the package says nothing of a connection that fails or ends.
  const client = new Client({ host, connectionTimeout: timeoutMs, ...(tls && { tls }) });
  return new Promise<string>((resolve, reject) => {
    const late = `No acknowledgement came within ${timeoutMs / 1_000} s: the message may have arrived all the same.`;
    const timer = setTimeout(() => reject(new Error(late)), timeoutMs);
    const outbound = client.createConnection({ port, waitAck: true }, async (response: InboundResponse) => {
      clearTimeout(timer);
      resolve(response.getMessage().toString());
    });
    const fail = (fault: unknown): void => {
      clearTimeout(timer);
      reject(new Error(`${host}:${port} cannot be spoken to: ${codeOf(fault)}.`));
    };
    outbound.on('client.error', fail);
    outbound.on('error', fail);
    outbound.once('connect', () => void outbound.sendMessage(new Message({ text })).catch(fail));
  }).finally(() => client.closeAll());
}

function codeOf(fault: unknown): string {
  if (typeof fault === 'object' && fault !== null && 'code' in fault) return String(fault.code);
  return fault instanceof Error ? fault.message : String(fault);
}
