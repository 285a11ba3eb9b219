/** `npm run bench -- NAME`: how fast parts of Hearback are, beside other ways of doing the same. */
import { runBench } from './command.ts';

process.exitCode = await runBench(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
});
