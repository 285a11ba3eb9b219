/** The `hearback` command: one binary, one verb a file. */
import { Command } from 'commander';
import { checkCommand } from './check.ts';
import { demoCommand } from './demo.ts';
import { holdsCommand } from './holds.ts';
import { logCommand } from './log.ts';
import { loopCommand } from './loop.ts';
import { loopsCommand } from './loops.ts';
import { replayCommand } from './replay.ts';
import { serveCommand } from './serve.ts';

const program = new Command('hearback')
  .description('Carries social prescribing referrals to VCSE platforms, and makes sure that the GP hears back.')
  .showHelpAfterError()
  .addHelpText('after', '\nExit codes: 0 done, 1 it did not succeed, 2 the command or its configuration is wrong.')
  .addCommand(serveCommand())
  .addCommand(checkCommand())
  .addCommand(demoCommand())
  .addCommand(loopCommand())
  .addCommand(loopsCommand())
  .addCommand(holdsCommand())
  .addCommand(logCommand())
  .addCommand(replayCommand());

program.exitOverride();
try {
  await program.parseAsync();
} catch (fault) {
  const { CommanderError } = await import('commander');
  if (!(fault instanceof CommanderError)) {
    console.error(fault instanceof Error ? fault.message : String(fault));
    process.exitCode = 1;
  } else process.exitCode = fault.exitCode === 0 ? 0 : 2;
}
