/** `npm run faults`: seeded faults under load, and what became of every acknowledged message. */
import { runFaults } from './command.ts';

process.exitCode = await runFaults(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
});
