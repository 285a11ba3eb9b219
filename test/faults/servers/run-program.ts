import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** As whom a program runs. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** A program that is not on this machine. */
export class NoProgram extends Error {}

/** Runs a program to its end; rejects with what it said when it fails, with `NoProgram` when it is not there. */
export async function runProgram(name: string, args: readonly string[], as?: RunAs, env = process.env): Promise<void> {
  const path = pathOf(name);
  if (path === undefined) throw new NoProgram(`there is no ${name} on this machine`);
  // What it starts keeps its streams: its end is when it exits, not when they close.
  const child = spawn(path, args, { ...as, env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  child.stdout.destroy();
  child.stderr.destroy();
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${said.trim().slice(-400)}`);
}

/** Debian keeps the servers' programs apart from everybody's. */
const APART = ['/usr/lib/postgresql', '/usr/lib/rabbitmq/bin', '/usr/sbin', '/sbin'];

export function pathOf(name: string): string | undefined {
  const apart = APART.flatMap((directory) => [directory, ...versionsIn(directory)]);
  const directories = [...apart, ...(process.env['PATH'] ?? '').split(':')];
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
}

function versionsIn(directory: string): string[] {
  if (directory !== '/usr/lib/postgresql' || !existsSync(directory)) return [];
  return readdirSync(directory).map((version) => join(directory, version, 'bin'));
}

export async function userNamed(name: string): Promise<RunAs> {
  const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
  return { uid, gid };
}

async function idOf(which: string, name: string): Promise<number> {
  const child = spawn('id', [which, name], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new NoProgram(`there is no user ${name} to run the server as`);
  return Number(said.trim());
}
