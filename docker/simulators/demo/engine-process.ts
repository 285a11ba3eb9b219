import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT } from './place.ts';

/** The engine as a process of its own, started as an operator would. */
export interface EngineProcess {
  readonly url: string;
  /** Where it listens for the HL7 v2 of Elm Tree: `mllp://127.0.0.1:2575`. */
  readonly mllp: string;
  /** Its operational log. */
  readonly logFile: string;
  /** True when it ended without being asked. */
  readonly died: () => boolean;
  /** Resolves when it has ended, asked or not. */
  readonly ended: Promise<void>;
  /** The last lines of its log. */
  readonly lastWords: () => string;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 15_000;

/** Starts `hearback serve` and waits for its ready line. */
export async function startEngineProcess(config: string, directory: string): Promise<EngineProcess> {
  const logFile = join(directory, 'engine.log');
  const args = [join(PROJECT, 'bin/hearback.mjs'), 'serve', '-c', config, '--log-level', 'warn'];
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(logFile, { mode: 0o600 }));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lastWords = () => readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
  const { url, mllp } = await readyLine(child).catch((fault: Error) => {
    child.kill('SIGKILL');
    throw new Error(`${fault.message}\n${lastWords()}`);
  });
  let asked = false;
  return {
    url,
    mllp,
    logFile,
    ended,
    died: () => !asked && (child.exitCode !== null || child.signalCode !== null),
    lastWords,
    async stop() {
      asked = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function readyLine(child: ChildProcess): Promise<{ url: string; mllp: string }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The engine did not say that it is ready.')), START_MS);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    child.once('exit', (code) => settle(() => reject(new Error(`The engine ended with ${code} before it was ready.`))));
    if (child.stdout === null) throw new Error('the engine was started without its output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /"ready":true,"url":"([^"]+)"/.exec(line)?.[1];
      const mllp = /"elm-tree":"([^"]+)"/.exec(line)?.[1] ?? '';
      if (url !== undefined) settle(() => resolve({ url, mllp }));
    });
  });
}
