import type { ChannelModel } from 'amqplib';
import { delayMs } from '../../core/backoff.ts';
import type { Log } from '../../ports.ts';
import { codeOf } from './fault-code.ts';
import type { HeldChannel } from './held-channel.ts';
import { TopologyFault } from './topology.ts';

/** What one door does with a connection: declares what it needs, opens its channel, and makes of it what it works with. */
export interface DoorPlan<T> {
  /** For logs. */
  readonly partner: string;
  readonly door: 'inlet' | 'outlet' | 'refused';
  open(model: ChannelModel): Promise<{ readonly held: HeldChannel; readonly works: T }>;
}

export interface DoorDeps {
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Why a door is closed. */
export interface Trouble {
  readonly code: string;
  /** True when the broker is there and refuses what the door needs: a person must do something. */
  readonly refused: boolean;
}

/** A refused door is tried again: whoever mends the broker need not restart the engine. */
const AGAIN = { baseMs: 500, capMs: 30_000 };

/**
 * One channel that is kept open: opened with each connection, and again, with growing pauses, when the broker closes it. What
 * happens to one door happens to no other.
 */
export class Door<T> {
  readonly #plan: DoorPlan<T>;
  readonly #deps: DoorDeps;
  #model: ChannelModel | undefined;
  #held: HeldChannel | undefined;
  #works: T | undefined;
  #trouble: Trouble = { code: 'NOT_CONNECTED', refused: false };
  #failures = 0;
  #told = '';
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #tried: (() => void) | undefined;
  /** Resolves when it was tried for the first time, well or not. */
  readonly tried: Promise<void>;

  constructor(plan: DoorPlan<T>, deps: DoorDeps) {
    this.#plan = plan;
    this.#deps = deps;
    this.tried = new Promise((resolve) => {
      this.#tried = resolve;
    });
  }

  /** What the door works with; undefined while it is closed. */
  works(): T | undefined {
    return this.#held?.isOpen() ? this.#works : undefined;
  }

  /** Why it is closed; undefined while it is open. */
  trouble(): Trouble | undefined {
    return this.works() === undefined ? this.#trouble : undefined;
  }

  connected(model: ChannelModel): void {
    this.#model = model;
    this.#failures = 0;
    void this.#open(model);
  }

  disconnected(code: string): void {
    this.#model = undefined;
    this.#trouble = { code, refused: false };
    clearTimeout(this.#timer);
    this.#tried?.();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#tried?.();
    await this.#held?.close();
  }

  async #open(model: ChannelModel): Promise<void> {
    try {
      const { held, works } = await this.#plan.open(model);
      if (this.#stopped || this.#model !== model) return void (await held.close());
      [this.#held, this.#works] = [held, works];
      this.#failures = 0;
      this.#told = '';
      void held.ended.then((end) => this.#ended(model, end.code));
      this.#tried?.();
    } catch (fault) {
      const isRefused = fault instanceof TopologyFault;
      if (isRefused) this.#tell(fault);
      this.#ended(model, isRefused ? 'NOT_AS_DECLARED' : codeOf(fault), isRefused);
      this.#tried?.();
    }
  }

  #ended(model: ChannelModel, code: string, refused = false): void {
    if (this.#stopped || this.#model !== model) return;
    this.#trouble = { code, refused };
    this.#failures += 1;
    const { partner, door } = this.#plan;
    this.#deps.log.warn('amqp.door-closed', { partner, door, code, failures: this.#failures });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(model), delayMs(this.#failures, AGAIN, this.#deps.random));
  }

  /** Once, and again when it is something else: it is tried twice a minute for as long as nobody mends it. */
  #tell({ findings, message: said }: TopologyFault): void {
    if (said === this.#told) return;
    this.#told = said;
    const { partner, door } = this.#plan;
    for (const { rule, place, message, remedy } of findings) {
      this.#deps.log.error('amqp.topology', { partner, door, rule, place: place.expression, message, remedy });
    }
  }
}
