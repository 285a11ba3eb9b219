import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { nhsNumberFault } from '../core/fhir/nhs-number.ts';
import { WrongUse } from './exit-code.ts';

export interface PatientOptions {
  /** To be read from stdin, or asked for. */
  readonly patient?: boolean;
  readonly patientFile?: string;
}

/**
 * The NHS number that a command is asked about; undefined when it is about nobody in particular. It never stands in the command line, which
 * everybody on the machine can read and the shell keeps: it comes from a file, from stdin, or is asked for.
 */
export async function readPatient({ patient, patientFile }: PatientOptions): Promise<string | undefined> {
  if (!patient && patientFile === undefined) return undefined;
  const text = patientFile === undefined ? await fromStdin() : readFileSync(patientFile, 'utf8');
  const number = text.replace(/[\s-]/g, '');
  if (nhsNumberFault(number) !== undefined) throw new WrongUse('What was given is not an NHS number of ten digits.');
  return number;
}

async function fromStdin(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  try {
    if (process.stdin.isTTY) return await lines.question('NHS number: ');
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}
