/**
 * The GP system of the loop benchmark, in a process of its own: refers people, and takes what is written back. A loop is at its
 * end for it when the write-back that says so is answered.
 */
import { createServer } from 'node:http';
import { listen } from '../../docker/simulators/listening.ts';
import { entriesOf, tellsEnd } from './gp-record.ts';
import { nhsNumberIn, nhsNumberOf, places, referralOf } from './messages.ts';
import { takeOrders } from './orders.ts';
import { newPoster } from './post.ts';
import { readRequest } from './read-request.ts';
import { GP_TOKEN } from './town.ts';

export interface LoadOrder {
  /** FHIR endpoints; referrals go to each in turn. */
  readonly targets: readonly string[];
  /** Loops under way at once; as many are begun at least. */
  readonly inFlight: number;
  /** No loop is begun after so long, */
  readonly ms: number;
  /** nor after so many. */
  readonly loops?: number;
}

export interface LoadCame {
  /** Loops that were begun, all of which came to their end. */
  readonly loops: number;
  /** From the first beginning to the last end. */
  readonly perSecond: number;
}

export interface OnceOrder {
  readonly targets: readonly string[];
  readonly nhsNumber: string;
}

export interface PaceOrder {
  readonly targets: readonly string[];
  /** Referrals that are begun, whatever became of those before. */
  readonly perSecond: number;
  readonly ms: number;
}

/** When each referral was accepted (its answer was here), in milliseconds since 1970, by NHS number. */
export type Accepted = readonly (readonly [nhsNumber: string, at: number])[];

/** The first is for a loop by itself. */
const numbers = places(1);
const poster = newPoster(64);
const ends = new Map<string, () => void>();
/** So long without any end, and something is wrong. */
const SILENCE_MS = 60_000;

const server = createServer(async (request, response) => {
  const body = await readRequest(request);
  response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(entriesOf(body));
  if (!tellsEnd(body)) return;
  const nhsNumber = nhsNumberIn(body);
  ends.get(nhsNumber)?.();
  ends.delete(nhsNumber);
});

takeOrders({
  listen: async () => `http://127.0.0.1:${await listen(server, 0)}/fhir`,
  once: ({ targets, nhsNumber }: OnceOrder) => wholeLoop(targets[0] ?? '', { nhsNumber }),
  async load({ targets, inFlight, ms, loops: most = Number.POSITIVE_INFINITY }: LoadOrder): Promise<LoadCame> {
    const began = performance.now();
    let loops = 0;
    const works = async (place: number): Promise<void> => {
      do {
        loops += 1;
        await wholeLoop(targets[(place + loops) % targets.length] ?? '');
      } while (performance.now() - began < ms && loops < most);
    };
    await Promise.all(Array.from({ length: inFlight }, (_none, place) => works(place)));
    return { loops, perSecond: (loops * 1_000) / (performance.now() - began) };
  },
  async pace({ targets, perSecond, ms }: PaceOrder): Promise<Accepted> {
    const accepted: [string, number][] = [];
    const under: Promise<void>[] = [];
    const began = performance.now();
    for (let count = 0; ; count += 1) {
      const due = (count * 1_000) / perSecond;
      if (due >= ms) break;
      await new Promise((resolve) => setTimeout(resolve, began + due - performance.now()));
      under.push(wholeLoop(targets[count % targets.length] ?? '', { accepted: (...one) => accepted.push(one) }));
    }
    await Promise.all(under);
    return accepted;
  },
});

interface Wishes {
  readonly nhsNumber?: string;
  readonly accepted?: (nhsNumber: string, at: number) => void;
}

async function wholeLoop(target: string, { accepted, ...wishes }: Wishes = {}): Promise<void> {
  const nhsNumber = wishes.nhsNumber ?? nhsNumberOf(numbers.next().value ?? 0);
  const ended = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a loop did not come to its end')), SILENCE_MS);
    ends.set(nhsNumber, () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const headers = {
    authorization: `Bearer ${GP_TOKEN}`,
    'content-type': 'application/fhir+json',
    'x-request-id': `r-${nhsNumber}`,
  };
  await poster.post(target, headers, referralOf(nhsNumber));
  accepted?.(nhsNumber, Date.now());
  await ended;
}
