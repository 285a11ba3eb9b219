import { CommanderError } from 'commander';
import { NotRecorded } from '../flow/desk/recorded-run.ts';
import { NotCounted } from './keep-library.ts';
import { WrongConfiguration } from './open-setup.ts';

/** The command was called in a way that means nothing. */
export class WrongUse extends Error {}

/** What a fault comes to: 2 when the command or its configuration is wrong, else 1; 0 for help, which ends as a fault does. */
export function exitCodeOf(fault: unknown): 0 | 1 | 2 {
  if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
  const isWrong = [WrongUse, WrongConfiguration, NotCounted, NotRecorded].some((kind) => fault instanceof kind);
  return isWrong ? 2 : 1;
}
