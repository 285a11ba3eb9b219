/** The `hearback` command: one binary, one verb a file. */
import { runProgram } from './program.ts';

const args = process.argv.slice(2);

// `hearback log | head` ends when head has seen enough; an engine goes on, whoever reads what it prints.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EPIPE') throw fault;
    if (args[0] !== 'serve') process.exit();
  });
}

await runProgram(args);
