import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the benchmark that does what it is told, and tells what came of it. */
export interface Ordered {
  readonly pid: number;
  ask<Result>(order: string, given?: unknown): Promise<Result>;
  stop(): Promise<void>;
}

interface Envelope {
  readonly id: number;
  readonly order: string;
  readonly given: unknown;
}

interface Came {
  readonly id: number;
  readonly result?: unknown;
  readonly fault?: string;
}

/** Starts a file of this folder in a process of its own; it ends with the process that started it. */
export function startOrdered(name: string): Ordered {
  const child = fork(join(import.meta.dirname, name), [], { execArgv: ['--import', 'tsx'] });
  const waiting = new Map<number, (came: Came) => void>();
  let count = 0;
  child.on('message', (came: Came) => {
    waiting.get(came.id)?.(came);
    waiting.delete(came.id);
  });
  child.on('exit', (code, signal) => {
    const fault = `${name} ended (${signal ?? code}) before it answered`;
    for (const [id, answer] of waiting) answer({ id, fault });
  });
  return {
    pid: child.pid ?? 0,
    ask: <Result>(order: string, given?: unknown) =>
      new Promise<Result>((resolve, reject) => {
        count += 1;
        waiting.set(count, ({ result, fault }) =>
          fault === undefined ? resolve(result as Result) : reject(new Error(fault)),
        );
        child.send({ id: count, order, given } satisfies Envelope);
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** In such a process: takes orders by name until whoever gave them is gone. */
export function takeOrders(orders: Readonly<Record<string, (given: never) => unknown>>): void {
  process.on('message', async ({ id, order, given }: Envelope) => {
    const answer = (came: Came) => process.connected && process.send?.(came);
    try {
      answer({ id, result: await orders[order]?.(given as never) });
    } catch (fault) {
      answer({ id, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    }
  });
  process.on('disconnect', () => process.exit(0));
}
