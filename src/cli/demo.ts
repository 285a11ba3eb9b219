import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

/** `hearback demo`: the demonstration stands beside the simulators, which a package does not carry. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Run engine and simulated partners on loopback with 40 synthetic patients.')
    .option('--once', 'end by itself with a summary')
    .option('--json', 'print the summary as one line of JSON, last')
    .action(async (options: { once?: boolean; json?: boolean }) => {
      const main = fileURLToPath(new URL('../../docker/simulators/demo/main.ts', import.meta.url));
      if (!existsSync(main)) throw new Error('The demo needs the simulators: run it from a checkout of the sources.');
      const flags = [...(options.once ? ['--once'] : []), ...(options.json ? ['--json'] : [])];
      const child = spawn(process.execPath, ['--import', 'tsx', main, ...flags], { stdio: 'inherit' });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
      process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
    });
}
