import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** `hearback serve` as it is deployed. */
export interface ServeProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGTERM; resolves when it has drained and ended. */
  stop(): Promise<void>;
}

/**
 * Starts an engine; resolves when it takes messages.
 * @param entry the bundled command
 * @param nodeFlags of Node itself: a profile
 */
export async function startServe(
  entry: string,
  config: string,
  nodeFlags: readonly string[] = [],
): Promise<ServeProcess> {
  const args = [...nodeFlags, entry, 'serve', '--config', config, '--log-level', 'error'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { url } = await readyLine(child);
  // Warnings about the configuration came before; what comes now is a failure.
  child.stderr.pipe(process.stderr);
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function readyLine(child: Child): Promise<{ readonly url: string }> {
  const { stdout, stderr } = child;
  const told: string[] = [];
  const hear = (chunk: Buffer): void => void told.push(chunk.toString());
  stderr.on('data', hear);
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the engine ended with ${code}: ${told.join('')}`)),
  );
  const [line] = await Promise.race([once(createInterface({ input: stdout }), 'line'), ended]);
  stderr.off('data', hear);
  return JSON.parse(String(line));
}

/** Resident memory of a process, in bytes (Linux: proc_pid_status(5), VmRSS). */
export function residentOf(pid: number): number {
  const [, kilobytes = 'NaN'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

/** Processor time that a process has used, its own and the system's for it, in milliseconds (Linux: proc_pid_stat(5), utime and stime). */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets, which may hold anything.
  const [utime = Number.NaN, stime = Number.NaN] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (utime + stime) * TICK_MS;
}

/** USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;
