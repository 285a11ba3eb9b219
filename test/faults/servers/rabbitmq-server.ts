import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { freePort } from '../../../docker/simulators/free-port.ts';
import { NoProgram, pathOf, runProgram } from './run-program.ts';

/** A RabbitMQ of our own, that can be struck. */
export interface RabbitServer {
  readonly host: string;
  readonly port: number;
  address(port?: number): string;
  stop(how: 'clean' | 'crash'): Promise<void>;
  start(): Promise<void>;
  /** Its memory alarm, or the end of it. */
  alarm(on: boolean): Promise<void>;
  remove(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_MS = 60_000;
/** As the server's own default: a share of the machine's memory. */
const USUAL_WATERMARK = ['0.4'];
const NO_MEMORY = ['absolute', '1000000'];

/** Rejects when there is none on this machine, or it does not start. */
export async function startRabbitServer(): Promise<RabbitServer> {
  const program = pathOf('rabbitmq-server');
  if (program === undefined) throw new NoProgram('there is no rabbitmq-server on this machine');
  const directory = mkdtempSync(join(tmpdir(), 'hearback-rabbitmq-'));
  const [port, distribution] = [await freePort(), await freePort()];
  const env = environment(directory, { port, distribution });
  const control = (...args: readonly string[]) => runProgram('rabbitmqctl', args, undefined, env);
  const address = (by = port) => `amqp://guest:guest@${HOST}:${by}`;
  const start = async (): Promise<void> => {
    const log = openSync(join(directory, 'out'), 'a');
    spawn(program, [], { env, cwd: '/', stdio: ['ignore', log, log], detached: true }).unref();
    await untilAnswers(address());
  };
  const server: RabbitServer = {
    host: HOST,
    port,
    address,
    start,
    async stop(how) {
      const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));
      if (how === 'crash') process.kill(pid, 'SIGKILL');
      else await control('stop');
      await untilGone(pid);
    },
    alarm: (on) => control('set_vm_memory_high_watermark', ...(on ? NO_MEMORY : USUAL_WATERMARK)),
    async remove() {
      await server.stop('crash').catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (fault) {
    await server.remove();
    throw fault;
  }
  return server;
}

/** Everything of this server's own: a node name, a cookie (in HOME), a data directory, no plugins. */
function environment(directory: string, { port, distribution }: Record<'port' | 'distribution', number>) {
  const at = (name: string) => join(directory, name);
  mkdirSync(at('home'));
  writeFileSync(at('plugins'), '');
  writeFileSync(at('rabbitmq.conf'), `listeners.tcp.1 = ${HOST}:${port}\n`);
  return {
    ...process.env,
    HOME: at('home'),
    RABBITMQ_NODENAME: `hearback${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('plugins'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
  };
}

async function untilAnswers(address: string): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      const model = await connect(address, { timeout: 3_000 });
      await model.close();
      return;
    } catch (fault) {
      if (Date.now() > end) throw new Error(`RabbitMQ did not start: ${String(fault)}`);
      await pause();
    }
  }
}

async function untilGone(pid: number): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    if (Date.now() > end) throw new Error('RabbitMQ did not stop');
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
