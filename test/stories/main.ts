/** Tells the stories of test/loop on the record, and with the doors of platforms and GP system, that are asked for. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { GP_ABOUT_HTTP, PLATFORM_ABOUT_HTTP } from './about-http.ts';

interface Wishes {
  readonly store: 'sqlite' | 'postgres';
  readonly platform: 'webhook' | 'amqp';
  readonly gp: 'fhir' | 'amqp';
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
  .addOption(
    new Option('--gp <door>', 'how the GP system is spoken to, where a story leaves it open')
      .choices(['fhir', 'amqp'])
      .default('fhir'),
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
    const about = new Map([
      ...(wishes.platform === 'amqp' ? PLATFORM_ABOUT_HTTP : []),
      ...(wishes.gp === 'amqp' ? GP_ABOUT_HTTP : []),
    ]);
    const untold = wanted.filter((name) => about.has(name));
    for (const name of untold) say(`not told over AMQP: ${name} (${about.get(name)})`);
    const told = wanted.filter((name) => !untold.includes(name));
    say(`${told.length} stories on ${wishes.store}, platforms by ${wishes.platform}, GP system by ${wishes.gp}`);
    process.exitCode = told.length === 0 ? 0 : await tell(told, wishes);
  })
  .parseAsync();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(stories: readonly string[], { store, platform, gp, workers }: Wishes): Promise<number> {
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
        HEARBACK_TEST_GP: gp,
      },
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
