import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../simulators/pause.ts';
import type { OwnService } from './layout.ts';
import type { Places } from './places.ts';

export interface RunningService {
  readonly name: string;
  /** What it has said on either stream. */
  said(): string;
  stop(): Promise<void>;
}

interface Given {
  readonly places: Places;
  readonly project: string;
  readonly directory: string;
}

const HEALTHY_MS = 180_000;
const STOP_MS = 40_000;

/** Starts a service as its container would: entry point, command and environment. Resolves when its health check passes. */
export async function startService(own: OwnService, given: Given): Promise<RunningService> {
  const { name, service, image } = own;
  const { places, project, directory } = given;
  const [program = '', ...args] = [...image.entrypoint, ...(service.command ?? image.command)];
  const variables = Object.entries({ ...image.env, ...service.environment });
  const env = {
    PATH: process.env['PATH'],
    HEARBACK_HEALTH_URL: places.settled(name, 'http://127.0.0.1:8080/health/ready'),
    ...Object.fromEntries(variables.map(([key, value]) => [key, places.settled(name, value)])),
  };
  const log = join(directory, `${name}.log`);
  const child = spawn(
    program,
    args.map((word) => places.settled(name, word)),
    { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const file = createWriteStream(log, { mode: 0o600 });
  child.stdout.pipe(file);
  child.stderr.pipe(file);
  const said = () => readFileSync(log, 'utf8');
  const running = { name, said, stop: () => stop(child) };
  try {
    await healthy(child, image.healthcheck, { project, env });
  } catch (fault) {
    await running.stop();
    throw new Error(
      `${name} did not become healthy: ${fault instanceof Error ? fault.message : fault}\n${said().slice(-2_000)}`,
    );
  }
  return running;
}

type Surroundings = { readonly project: string; readonly env: NodeJS.ProcessEnv };

async function healthy(child: ChildProcess, check: readonly string[], { project, env }: Surroundings): Promise<void> {
  const end = Date.now() + HEALTHY_MS;
  for (;;) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    const told = await asked(check, { project, env });
    if (told === undefined) return;
    if (Date.now() > end) throw new Error(told);
    await pause(250);
  }
}

/** What the health check says, or undefined when it passes. */
function asked(
  [program = '', ...args]: readonly string[],
  { project, env }: Surroundings,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: project, env }, (fault, stdout) =>
      resolve(fault === null ? undefined : stdout.trim()),
    );
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
