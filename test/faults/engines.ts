import type { EngineOrders, EngineProcess, EngineShed } from '../fixtures/engines/engine-process.ts';

/** The engines of a world: each has its port, and is started again on it after it was lost. */
export interface Engines {
  /** Starts the nth; resolves when it takes messages. */
  start(nth: number): Promise<void>;
  /** SIGKILL of the nth. */
  kill(nth: number): Promise<void>;
  /** One that runs, another one with each call; any where none runs. */
  next(): EngineAddress;
  /** Those that ended and were not killed by us. */
  crashed(): readonly number[];
  stop(): Promise<void>;
}

/** How an engine is reached. */
export interface EngineAddress {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** `mllp://127.0.0.1:2575`. */
  readonly mllp: string;
}

export interface EnginePlace {
  readonly orders: EngineOrders;
  readonly at: EngineAddress;
}

export function newEngines(places: readonly EnginePlace[], shed: EngineShed, logFile: string): Engines {
  const running = new Map<number, EngineProcess>();
  let turn = 0;
  return {
    async start(nth) {
      const place = places[nth];
      if (place === undefined) throw new Error(`there is no engine ${nth}`);
      const former = running.get(nth);
      if (former?.isRunning()) return void (await former.ready);
      const engine = shed.start(place.orders, logFile);
      running.set(nth, engine);
      await engine.ready.catch((fault: unknown) => {
        // One that is killed while it starts is started again by whoever killed it.
        if (running.get(nth) === engine) throw fault;
      });
    },
    async kill(nth) {
      const engine = running.get(nth);
      running.delete(nth);
      await engine?.kill();
    },
    next() {
      turn += 1;
      const here = places.filter((_, nth) => running.get(nth)?.isRunning());
      const next = here[turn % here.length] ?? places[0];
      if (next === undefined) throw new Error('there is no engine');
      return next.at;
    },
    crashed: () => [...running].filter(([, engine]) => !engine.isRunning()).map(([nth]) => nth),
    stop: async () => void (await Promise.all([...running.values()].map((engine) => engine.kill()))),
  };
}
