/** `npm run faults`: seeded faults under load, and what became of every acknowledged message. */
import { stopSignal } from '../../docker/simulators/stop-signal.ts';
import { runFaults } from './command.ts';

const streams = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  error: (line: string) => process.stderr.write(`${line}\n`),
};
// What is still under way when it was told to stop must not keep it.
process.exit(await runFaults(process.argv.slice(2), streams, stopSignal()));
