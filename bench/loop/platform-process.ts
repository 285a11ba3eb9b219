/**
 * A platform of the loop benchmark that takes webhooks and reports by signed ones, in a process of its own. It takes their
 * signatures for right: what is measured is the engine.
 */
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { listen } from '../../docker/simulators/listening.ts';
import { caseNumber, type Delivered, REPORTS, readDelivery, reportOf } from './messages.ts';
import { takeOrders } from './orders.ts';
import { newPoster } from './post.ts';
import { readRequest } from './read-request.ts';
import { PLATFORM_SECRET } from './town.ts';

export interface ReportTo {
  /** As in the path of its address: `/NAME/referrals`. */
  readonly name: string;
  /** Inlets; reports go to each in turn. */
  readonly targets: readonly string[];
}

/** When each referral arrived, in milliseconds since 1970, by NHS number. */
export type Arrived = readonly (readonly [nhsNumber: string, at: number])[];

const poster = newPoster(64);
const webhook = new Webhook(PLATFORM_SECRET);
const targetsOf = new Map<string, readonly string[]>();
let arrived: [string, number][] = [];
let keeps = false;
let sent = 0;

const server = createServer(async (request, response) => {
  const at = Date.now();
  const body = await readRequest(request);
  const delivered = readDelivery(body);
  if (keeps) arrived.push([delivered.nhsNumber, at]);
  const answer = JSON.stringify({ caseId: caseNumber(delivered.nhsNumber) });
  response.writeHead(201, { 'content-type': 'application/json' }).end(answer);
  const [, name = ''] = (request.url ?? '').split('/');
  await report(delivered, targetsOf.get(name) ?? []);
});

takeOrders({
  listen: async () => `http://127.0.0.1:${await listen(server, 0)}`,
  reportTo({ name, targets }: ReportTo) {
    targetsOf.set(name, targets);
  },
  keepArrivals() {
    keeps = true;
  },
  arrivals(): Arrived {
    const all = arrived;
    arrived = [];
    keeps = false;
    return all;
  },
});

/** Each report when the one before was answered. */
async function report(delivered: Delivered, targets: readonly string[]): Promise<void> {
  for (const kind of REPORTS) {
    sent += 1;
    const at = new Date();
    const id = `msg_${delivered.nhsNumber}_${kind}`;
    const body = reportOf(kind, delivered, at);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': webhook.sign(id, at, body),
    };
    await poster.post(targets[sent % targets.length] ?? '', headers, body);
  }
}
