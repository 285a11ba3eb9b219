import { setTimeout as sleep } from 'node:timers/promises';
import type { Fate } from '../fixtures/postgres/cut-wire.ts';
import type { Strike } from './plan.ts';
import type { Line } from './several-wires.ts';
import type { World } from './world.ts';

/** Strikes, waits for as long as the blow lasts, and mends. Gives what was struck, in a few words. */
export async function strike(blow: Strike, world: World): Promise<string> {
  const { servers, engines } = world;
  switch (blow.kind) {
    case 'kill':
      await engines.kill(blow.engine);
      await sleep(blow.forMs);
      await engines.start(blow.engine);
      return `killed engine ${blow.engine}`;
    case 'postgres':
      await between(blow, needed(servers.postgres));
      return `restarted PostgreSQL (${blow.how})`;
    case 'rabbitmq':
      await between(blow, needed(servers.rabbitmq));
      return `restarted RabbitMQ (${blow.how})`;
    case 'memory':
      await needed(servers.rabbitmq).alarm(true);
      await sleep(blow.forMs);
      await needed(servers.rabbitmq).alarm(false);
      return 'raised the memory alarm';
    case 'disk':
      needed(servers.disk).fill();
      await sleep(blow.forMs);
      needed(servers.disk).free();
      return 'filled the disk';
    case 'cut':
      return cutLine(blow, world);
  }
}

interface Restartable {
  stop(how: 'clean' | 'crash'): Promise<void>;
  start(): Promise<void>;
}

async function between(
  { how, forMs }: Extract<Strike, { how: 'clean' | 'crash' }>,
  server: Restartable,
): Promise<void> {
  await server.stop(how);
  await sleep(forMs);
  await server.start();
}

async function cutLine({ line, how, forMs }: Extract<Strike, { kind: 'cut' }>, { wires }: World): Promise<string> {
  const wire = wires[line];
  if (wire === undefined) return `no line to ${line} here`;
  if (how === 'cut') wire.cut();
  else if (how === 'down') await down(wire, forMs);
  else await spoil(wire, how, forMs);
  return `line to ${line}: ${how}`;
}

async function down(wire: Line, forMs: number): Promise<void> {
  wire.down(true);
  await sleep(forMs);
  wire.down(false);
}

/** Every fifth piece that goes out meets this fate, in the middle of whatever it belongs to. */
async function spoil(wire: Line, fate: Fate, forMs: number): Promise<void> {
  let pieces = 0;
  wire.fate = () => {
    pieces += 1;
    return pieces % 5 === 0 ? fate : 'pass';
  };
  await sleep(forMs);
  wire.fate = () => 'pass';
}

function needed<T>(server: T | undefined): T {
  if (server === undefined) throw new Error('this kind of fault needs a server that is not here');
  return server;
}
