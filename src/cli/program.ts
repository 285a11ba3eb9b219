import { Command, CommanderError } from 'commander';
import { exitCodeOf } from './exit-code.ts';

/**
 * The verbs, in the order of the help. Each is loaded when it is asked for: the engine has nothing to wait for that only
 * people at a terminal use, and somebody who looks into the log need not wait for the engine's modules.
 */
export const VERBS = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  check: async () => (await import('./check.ts')).checkCommand(),
  demo: async () => (await import('./demo.ts')).demoCommand(),
  loop: async () => (await import('./loop.ts')).loopCommand(),
  loops: async () => (await import('./loops.ts')).loopsCommand(),
  holds: async () => (await import('./holds.ts')).holdsCommand(),
  codes: async () => (await import('./codes.ts')).codesCommand(),
  log: async () => (await import('./log.ts')).logCommand(),
  mappings: async () => (await import('./mappings.ts')).mappingsCommand(),
  instruments: async () => (await import('./instruments.ts')).instrumentsCommand(),
  outcomes: async () => (await import('./outcomes.ts')).outcomesCommand(),
  receipts: async () => (await import('./receipts.ts')).receiptsCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  console: async () => (await import('./console.ts')).consoleCommand(),
  store: async () => (await import('./store.ts')).storeCommand(),
  terminology: async () => (await import('./terminology.ts')).terminologyCommand(),
  hl7: async () => (await import('./hl7-send.ts')).hl7Command(),
} as const satisfies Readonly<Record<string, () => Promise<Command>>>;

/** Runs `hearback` with its arguments; what went wrong is said on stderr, and `process.exitCode` says what it came to. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await (await program(args)).parseAsync(args, { from: 'user' });
  } catch (fault) {
    // What commander objects to it has said already.
    if (!(fault instanceof CommanderError)) console.error(fault instanceof Error ? fault.message : String(fault));
    process.exitCode = exitCodeOf(fault);
  }
}

async function program([verb = '']: readonly string[]): Promise<Command> {
  const all = new Command('hearback')
    .description('Carries social prescribing referrals to VCSE platforms, and makes sure that the GP hears back.')
    .addHelpText('after', '\nExit codes: 0 done, 1 it did not succeed, 2 the command or its configuration is wrong.');
  for (const load of wanted(verb)) all.addCommand(await load());
  takeOver(all);
  return all;
}

/** All of them, where the first word is none of theirs: then it is help that is asked for, or needed. */
function wanted(verb: string): readonly (() => Promise<Command>)[] {
  const found = Object.entries(VERBS).find(([name]) => name === verb);
  return found === undefined ? Object.values(VERBS) : [found[1]];
}

/** Faults come here instead of ending the process. A command does not take that over from the one it is added to. */
function takeOver(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what is possible)');
  for (const one of command.commands) takeOver(one);
}
