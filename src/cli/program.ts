import { Command, CommanderError } from 'commander';
import { checkCommand } from './check.ts';
import { codesCommand } from './codes.ts';
import { demoCommand } from './demo.ts';
import { exitCodeOf } from './exit-code.ts';
import { hl7Command } from './hl7-send.ts';
import { holdsCommand } from './holds.ts';
import { instrumentsCommand } from './instruments.ts';
import { logCommand } from './log.ts';
import { loopCommand } from './loop.ts';
import { loopsCommand } from './loops.ts';
import { mappingsCommand } from './mappings.ts';
import { outcomesCommand } from './outcomes.ts';
import { receiptsCommand } from './receipts.ts';
import { replayCommand } from './replay.ts';
import { serveCommand } from './serve.ts';
import { terminologyCommand } from './terminology.ts';

/** Runs `hearback` with its arguments; what went wrong is said on stderr, and `process.exitCode` says what it came to. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: 'user' });
  } catch (fault) {
    // What commander objects to it has said already.
    if (!(fault instanceof CommanderError)) console.error(fault instanceof Error ? fault.message : String(fault));
    process.exitCode = exitCodeOf(fault);
  }
}

function program(): Command {
  const all = new Command('hearback')
    .description('Carries social prescribing referrals to VCSE platforms, and makes sure that the GP hears back.')
    .addHelpText('after', '\nExit codes: 0 done, 1 it did not succeed, 2 the command or its configuration is wrong.')
    .addCommand(serveCommand())
    .addCommand(checkCommand())
    .addCommand(demoCommand())
    .addCommand(loopCommand())
    .addCommand(loopsCommand())
    .addCommand(holdsCommand())
    .addCommand(codesCommand())
    .addCommand(logCommand())
    .addCommand(mappingsCommand())
    .addCommand(instrumentsCommand())
    .addCommand(outcomesCommand())
    .addCommand(receiptsCommand())
    .addCommand(replayCommand())
    .addCommand(terminologyCommand())
    .addCommand(hl7Command());
  takeOver(all);
  return all;
}

/** Faults come here instead of ending the process. A command does not take that over from the one it is added to. */
function takeOver(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what is possible)');
  for (const one of command.commands) takeOver(one);
}
