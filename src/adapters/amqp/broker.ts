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
 * A broker, with one connection to publish on, for all partners together, and one for each partner to consume from. Not the same,
 * because a broker that is short of memory stops reading from whoever publishes: on one connection it would no longer see our
 * acknowledgements either. And one for each partner, because a message that the library cannot read (headers nested some thousand
 * deep) ends the connection that it comes on, again with each delivery, and counts as a delivery of all that was under way there.
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
  const consuming = new Map<string, Link>();
  const links = (): Link[] => [publishing, ...consuming.values()];
  const consumingFor = (partner: string): Link => {
    const link = consuming.get(partner) ?? new Link({ ...shared, role: 'consuming', partner }, deps);
    consuming.set(partner, link);
    return link;
  };
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
    consumes: (plan) => opens(consumingFor(plan.partner), plan),
    isBlocked: () => publishing.state() === 'blocked',
    state() {
      const down = links().find((link) => link.state() === 'down');
      if (down !== undefined) return `down: ${down.code()}`;
      if (doors.some((door) => door.trouble()?.refused === true)) return 'refused';
      if (links().some((link) => link.state() === 'blocked')) return 'blocked';
      return doors.every((door) => door.trouble() === undefined) ? 'up' : 'opening';
    },
    start: () => atMost(FIRST_TRY_MS, Promise.all(links().map((link) => link.start()))),
    async stop() {
      await Promise.all(doors.map((door) => door.close()));
      await Promise.all(links().map((link) => link.stop()));
    },
  };
}
