import { format } from 'node:util';
import { jest } from '@jest/globals';
import { Command } from 'commander';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';
import { mappingsCommand } from '../../../src/cli/mappings.ts';

export interface Ran {
  /** What was printed on either stream, in order. */
  readonly printed: string;
  readonly exitCode: number;
}

/** Runs `hearback mappings …` in this process, in its working directory. A fault is printed, as the command itself does. */
export async function runHearback(args: readonly string[]): Promise<Ran> {
  let printed = '';
  const print = (...given: unknown[]): void => {
    printed += `${format(...given)}\n`;
  };
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(print),
    jest.spyOn(console, 'error').mockImplementation(print),
  ];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = new Command('hearback').exitOverride().addCommand(mappingsCommand());
    await program.parseAsync(['node', 'hearback', ...args]);
    return { printed, exitCode: Number(process.exitCode) };
  } catch (fault) {
    print(fault instanceof Error ? fault.message : String(fault));
    return { printed, exitCode: exitCodeOf(fault) };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
