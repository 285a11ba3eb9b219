import { type ChannelModel, connect, credentials, type RecoveringChannelModel } from 'amqplib';
import type { BrokerUrl } from '../../core/amqp/broker-url.ts';
import { delayMs } from '../../core/backoff.ts';
import type { Log } from '../../ports.ts';
import type { Door } from './door.ts';
import { codeOf } from './fault-code.ts';
import { atMost } from './held-channel.ts';

export interface LinkOptions {
  readonly broker: string;
  readonly role: 'publishing' | 'consuming';
  /** Whose messages it is for, when it is for one partner's alone. */
  readonly partner?: string;
  readonly url: BrokerUrl;
  readonly tls?: LinkTls;
  readonly heartbeatSeconds: number;
  /** 10 s when left out. */
  readonly connectTimeoutMs?: number;
}

/** PEM texts. */
export interface LinkTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the broker's certificate must bear, when it is not the host. */
  readonly serverName?: string;
}

export interface LinkDeps {
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** `blocked`: the broker has too little memory or disk and takes nothing more from us until that is over. */
export type LinkState = 'up' | 'blocked' | 'down' | 'idle';

const RECONNECT = { baseMs: 250, capMs: 15_000 };
/** A refused sign-in is mended by a person, and some brokers lock out who tries too often. */
const REFUSED_MS = 10_000;
const CLOSE_MS = 2_000;

/** What the broker says to a sign-in, with what a person can do. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'ACCESS_REFUSED',
    'Correct user and password (or the certificate) in the secrets of the broker and restart the engine; or correct them at the broker.',
  ],
  [
    'NOT_ALLOWED',
    'Correct the vhost in the URL of the broker and restart the engine; or have it made at the broker and permitted to the user.',
  ],
]);

/** One connection to a broker, made anew as often as it ends, with the doors that live on it. Nothing is tried before `start`. */
export class Link {
  readonly #options: LinkOptions;
  /** For the log. */
  readonly #name: { readonly broker: string; readonly role: string; readonly partner?: string };
  readonly #deps: LinkDeps;
  readonly #doors = new Set<Door<unknown>>();
  #recovering: RecoveringChannelModel | undefined;
  #model: ChannelModel | undefined;
  #state: LinkState = 'idle';
  #code = 'NOT_STARTED';
  /** When the broker refuses the sign-in. */
  #remedy: string | undefined;

  constructor(options: LinkOptions, deps: LinkDeps) {
    this.#options = options;
    const { broker, role, partner } = options;
    this.#name = { broker, role, ...(partner !== undefined && { partner }) };
    this.#deps = deps;
  }

  state(): LinkState {
    return this.#state;
  }

  /** Why it is down. */
  code(): string {
    return this.#code;
  }

  add(door: Door<unknown>): void {
    this.#doors.add(door);
    if (this.#model !== undefined) door.connected(this.#model);
  }

  /** Begins to connect, when there is a door to do it for. Resolves when each door was tried once, well or not. */
  async start(): Promise<void> {
    if (this.#doors.size === 0) return;
    if (this.#recovering === undefined) await this.#connect();
    await Promise.all([...this.#doors].map((door) => door.tried));
  }

  async stop(): Promise<void> {
    const [recovering, model] = [this.#recovering, this.#model];
    this.#recovering = undefined;
    this.#model = undefined;
    this.#state = 'idle';
    if (recovering === undefined) return;
    await atMost(CLOSE_MS, recovering.close());
    if (model !== undefined) destroySocket(model);
  }

  async #connect(): Promise<void> {
    const { log, random } = this.#deps;
    const recovering = await connect(target(this.#options), {
      ...socket(this.#options),
      recovery: {
        waitForConnect: false,
        calculateDelay: (attempt) => delayMs(attempt, RECONNECT, random, this.#remedy === undefined ? 0 : REFUSED_MS),
      },
    });
    this.#recovering = recovering;
    // What an error means comes with the end of the connection; without a listener it would end the process.
    recovering.on('error', () => {});
    recovering.on('connect', (model) => {
      if (this.#recovering !== recovering) return;
      this.#model = model;
      this.#state = 'up';
      log.info('amqp.connected', this.#name);
      for (const door of this.#doors) door.connected(model);
    });
    recovering.on('connect-failed', (fault) => this.#lost(fault, REMEDIES.get(codeOf(fault))));
    recovering.on('disconnect', (fault) => this.#lost(fault));
    recovering.on('blocked', () => {
      this.#state = 'blocked';
      log.warn('amqp.blocked', this.#name);
    });
    recovering.on('unblocked', () => {
      this.#state = 'up';
      log.info('amqp.unblocked', this.#name);
    });
  }

  #lost(fault: Error, remedy?: string): void {
    if (this.#recovering === undefined) return;
    this.#model = undefined;
    this.#state = 'down';
    this.#code = codeOf(fault);
    this.#remedy = remedy;
    const said = { ...this.#name, code: this.#code };
    if (remedy === undefined) this.#deps.log.warn('amqp.disconnected', said);
    else this.#deps.log.error('amqp.disconnected', { ...said, remedy });
    for (const door of this.#doors) door.disconnected(this.#code);
  }
}

function target({ url, heartbeatSeconds }: LinkOptions) {
  return {
    protocol: url.encrypted ? 'amqps' : 'amqp',
    hostname: url.host,
    port: url.port,
    // The library takes it as it stands in a URL.
    vhost: encodeURIComponent(url.vhost),
    heartbeat: heartbeatSeconds,
    username: url.user ?? '',
    password: url.password ?? '',
  };
}

function socket({ broker, role, partner, url, tls = {}, connectTimeoutMs = 10_000 }: LinkOptions) {
  const { ca, cert, key, serverName } = tls;
  return {
    // Without it each message waits for the acknowledgement of the packet before: 21 a second instead of 875, measured.
    noDelay: true,
    keepAlive: true,
    keepAliveDelay: 30_000,
    timeout: connectTimeoutMs,
    clientProperties: {
      product: 'hearback',
      connection_name: ['hearback', broker, role, ...(partner === undefined ? [] : [partner])].join(' '),
    },
    ...(url.user === undefined && { credentials: credentials.external() }),
    ...(url.encrypted && {
      minVersion: 'TLSv1.2' as const,
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(serverName !== undefined && { servername: serverName }),
    }),
  };
}

/** A broker that does not say goodbye must not keep the process: the library ends its side only and waits. */
function destroySocket(model: ChannelModel): void {
  const stream: unknown = Reflect.get(model.connection, 'stream');
  if (typeof stream !== 'object' || stream === null || !('destroy' in stream)) return;
  if (typeof stream.destroy === 'function') stream.destroy();
}
