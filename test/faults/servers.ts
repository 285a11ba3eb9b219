import type { Kind } from './plan.ts';
import { startPostgresServer } from './servers/postgres-server.ts';
import { startRabbitServer } from './servers/rabbitmq-server.ts';
import { mountSmallDisk } from './servers/small-disk.ts';
import type { Servers } from './world.ts';

export interface OpenServers extends Servers {
  /** Kinds of faults that cannot be tried here, each with the reason. */
  readonly skipped: Readonly<Partial<Record<Kind, string>>>;
  close(): Promise<void>;
}

const NEEDS: Readonly<Record<Kind, readonly (keyof Servers)[]>> = {
  kill: ['postgres'],
  postgres: ['postgres'],
  cut: ['postgres'],
  rabbitmq: ['postgres', 'rabbitmq'],
  memory: ['postgres', 'rabbitmq'],
  disk: ['disk'],
};

/** Starts the servers that these kinds of faults need; says which kinds must be left out, and why. */
export async function openServers(kinds: readonly Kind[], say: (line: string) => void): Promise<OpenServers> {
  const missing = new Map<keyof Servers, string>();
  const tried = async <T>(name: keyof Servers, start: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await start();
    } catch (fault) {
      missing.set(name, fault instanceof Error ? fault.message : String(fault));
      return undefined;
    }
  };
  const needed = (name: keyof Servers) => kinds.some((kind) => NEEDS[kind].includes(name));
  const postgres = needed('postgres') ? await tried('postgres', startPostgresServer) : undefined;
  // The platform behind it is part of the traffic wherever there is a broker.
  const rabbitmq = await tried('rabbitmq', startRabbitServer);
  const disk = needed('disk') ? await tried('disk', mountSmallDisk) : undefined;
  const skipped = Object.fromEntries(
    kinds.flatMap((kind) => {
      const why = NEEDS[kind].map((name) => missing.get(name)).find((reason) => reason !== undefined);
      return why === undefined ? [] : [[kind, why]];
    }),
  );
  for (const [kind, why] of Object.entries(skipped)) say(`skipped: ${kind}: ${why}`);
  return {
    ...(postgres && { postgres }),
    ...(rabbitmq && { rabbitmq }),
    ...(disk && { disk }),
    skipped,
    close: async () => void (await Promise.all([postgres, rabbitmq, disk].map((server) => server?.remove()))),
  };
}
