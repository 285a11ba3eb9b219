import type { BrokerUrl } from '../../core/amqp/broker-url.ts';
import type { Log } from '../../ports.ts';
import { Door, type DoorPlan } from './door.ts';
import { atMost } from './held-channel.ts';
import { Link, type LinkTls } from './link.ts';

export interface BrokerOptions {
  readonly name: string;
  readonly url: BrokerUrl;
  readonly tls?: LinkTls;
  readonly heartbeatSeconds: number;
}

export interface BrokerDeps {
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * A broker, with one connection to publish on and one to consume from, for all partners together. Two, because a broker that is
 * short of memory stops reading from whoever publishes: on one connection it would no longer see our acknowledgements either.
 */
export interface Broker {
  readonly name: string;
  /** As whom we sign in; undefined when the certificate says it. */
  readonly user: string | undefined;
  publishes<T>(plan: DoorPlan<T>): Door<T>;
  consumes<T>(plan: DoorPlan<T>): Door<T>;
  /** The broker takes nothing now, though it is there. */
  isBlocked(): boolean;
  /**
   * `up`, or what is wrong: `down: ECONNREFUSED`, `blocked`, `refused` (something there is not as a door needs it), `opening`.
   * Anybody may see it: which partner it concerns only the log says.
   */
  state(): string;
  /** Connects. Resolves when each door was tried once, well or not, or after a few seconds: an engine starts without its broker. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const FIRST_TRY_MS = 3_000;

export function openBroker(options: BrokerOptions, deps: BrokerDeps): Broker {
  const { name, url, tls, heartbeatSeconds } = options;
  const shared = { broker: name, url, heartbeatSeconds, ...(tls && { tls }) };
  const publishing = new Link({ ...shared, role: 'publishing' }, deps);
  const consuming = new Link({ ...shared, role: 'consuming' }, deps);
  const doors: Door<unknown>[] = [];
  const opens = <T>(link: Link, plan: DoorPlan<T>): Door<T> => {
    const door = new Door(plan, deps);
    doors.push(door);
    link.add(door);
    return door;
  };
  return {
    name,
    user: url.user,
    publishes: (plan) => opens(publishing, plan),
    consumes: (plan) => opens(consuming, plan),
    isBlocked: () => publishing.state() === 'blocked',
    state() {
      const links = [publishing, consuming];
      const down = links.find((link) => link.state() === 'down');
      if (down !== undefined) return `down: ${down.code()}`;
      if (doors.some((door) => door.trouble()?.refused === true)) return 'refused';
      if (links.some((link) => link.state() === 'blocked')) return 'blocked';
      return doors.every((door) => door.trouble() === undefined) ? 'up' : 'opening';
    },
    start: () => atMost(FIRST_TRY_MS, Promise.all([publishing.start(), consuming.start()])),
    async stop() {
      await Promise.all(doors.map((door) => door.close()));
      await Promise.all([publishing.stop(), consuming.stop()]);
    },
  };
}
