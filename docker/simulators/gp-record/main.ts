/** Prints a person's record, as a simulated practice of either style holds it, on the terminal. */
import { Command } from 'commander';

interface Options {
  readonly nhsNumber: string;
  readonly json?: boolean;
}

await new Command('gp-record')
  .description("Prints a person's record as simulated practices hold it. Two prints can be compared with diff.")
  .argument('<url...>', 'where the practices show their records: http://127.0.0.1:8181')
  .requiredOption('--nhs-number <number>', 'whose record')
  .option('--json', 'as JSON')
  .action(async (urls: string[], { nhsNumber, json }: Options) => {
    for (const url of urls) {
      const response = await fetch(`${url.replace(/\/$/, '')}/record/${encodeURIComponent(nhsNumber)}`, {
        headers: { accept: json ? 'application/json' : 'text/plain' },
      });
      if (!response.ok) throw new Error(`the practice answered ${response.status}`);
      process.stdout.write(`${(await response.text()).trimEnd()}\n`);
    }
  })
  .parseAsync();
