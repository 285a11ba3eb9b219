/** Tells the stories of test/loop on the record, and with the platforms' door, that are asked for. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ABOUT_HTTP } from './about-http.ts';

interface Wishes {
  readonly store: 'sqlite' | 'postgres';
  readonly platform: 'webhook' | 'amqp';
  readonly workers: string;
}

const project = join(import.meta.dirname, '../..');

await new Command('stories')
  .description(
    'Tells the stories of whole loops. PostgreSQL and RabbitMQ are those that the tests use (CONTRIBUTING.md).',
  )
  .addOption(new Option('--store <kind>', 'where the record is kept').choices(['sqlite', 'postgres']).default('sqlite'))
  .addOption(
    new Option('--platform <door>', 'how platforms are spoken to, where a story leaves it open')
      .choices(['webhook', 'amqp'])
      .default('webhook'),
  )
  .option('--workers <n>', 'stories told at once', '2')
  .argument('[names...]', 'stories by name (`gp-cancels`); all when left out')
  .action(async (names: readonly string[], wishes: Wishes) => {
    const all = readdirSync(join(project, 'test/loop'))
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => file.replace(/[.]test[.]ts$/, ''));
    const unknown = names.filter((name) => !all.includes(name));
    if (unknown.length > 0) throw new Error(`there is no story ${unknown.join(', ')} in test/loop`);
    const wanted = names.length === 0 ? all : names;
    const untold = wishes.platform === 'amqp' ? wanted.filter((name) => ABOUT_HTTP.has(name)) : [];
    for (const name of untold) say(`not told over AMQP: ${name} (${ABOUT_HTTP.get(name)})`);
    const told = wanted.filter((name) => !untold.includes(name));
    say(`${told.length} stories on ${wishes.store}, platforms by ${wishes.platform}`);
    process.exitCode = told.length === 0 ? 0 : await tell(told, wishes);
  })
  .parseAsync();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(stories: readonly string[], { store, platform, workers }: Wishes): Promise<number> {
  const files = stories.map((name) => `test/loop/${name}.test.ts`);
  const jest = ['node_modules/jest/bin/jest.js', '--runTestsByPath', ...files, '--maxWorkers', workers];
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest],
    {
      cwd: project,
      stdio: 'inherit',
      // A server that is not there must fail: whoever asks for a story on it wants to know that it was told.
      env: {
        ...process.env,
        HEARBACK_REQUIRE_SERVICES: '1',
        HEARBACK_TEST_STORE: store,
        HEARBACK_TEST_PLATFORM: platform,
      },
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
