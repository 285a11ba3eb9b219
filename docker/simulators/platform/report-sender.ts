import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { pause } from '../pause.ts';

/** One report on its way to Hearback, with the id it keeps through every attempt. */
export interface Outgoing {
  readonly id: string;
  readonly body: string;
}

export interface SenderOptions {
  /** Hearback's webhook address for this platform. */
  readonly url: () => string;
  readonly secret: string;
}

/** What Hearback said to one attempt. */
export interface Answered {
  readonly id: string;
  readonly status: number;
}

export interface ReportSender {
  send(report: unknown): Outgoing;
  /** The same message once more, under its own id. */
  again(outgoing: Outgoing): void;
  idle(): boolean;
  stop(): void;
  /** Every answer that settled a report, repeats included. */
  answered(): readonly Answered[];
}

const RETRY_MS = 150;

/** Sends reports in order, each until it is answered: a platform that loses its own reports proves nothing about Hearback. */
export function newReportSender(options: SenderOptions): ReportSender {
  const queue: Outgoing[] = [];
  const answers: Answered[] = [];
  let running = false;
  let stopped = false;

  const drain = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let next = queue[0]; next !== undefined && !stopped; next = queue[0]) {
      const status = await post(options, next);
      if (status === undefined || status >= 500 || status === 429) {
        await pause(RETRY_MS);
        continue;
      }
      answers.push({ id: next.id, status });
      queue.shift();
    }
    running = false;
  };

  const put = (outgoing: Outgoing): void => {
    queue.push(outgoing);
    void drain();
  };
  return {
    send(report) {
      const outgoing = { id: `msg_${randomUUID()}`, body: JSON.stringify(report) };
      put(outgoing);
      return outgoing;
    },
    again: put,
    idle: () => queue.length === 0 && !running,
    stop: () => {
      stopped = true;
    },
    answered: () => answers,
  };
}

/** The status that came back; undefined when nobody answered. */
async function post(options: SenderOptions, { id, body }: Outgoing): Promise<number | undefined> {
  const at = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(options.secret).sign(id, at, body),
  };
  try {
    const response = await fetch(options.url(), { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
