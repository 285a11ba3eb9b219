import compile from 'jsonata';
import type { Contender } from '../interleave.ts';
import { textBeside } from './files.ts';
import type { Job } from './workload.ts';

/** JSONata, compiled once. Its evaluation is asynchronous by nature. */
export function jsonata<Document, Given extends object>(
  name: string,
  constants: Readonly<Record<string, unknown>>,
): Contender<Job<Document, Given>> {
  const expression = compile(textBeside(`${name}.jsonata`));
  return {
    name: 'jsonata',
    runAsync: ({ document, given }) => expression.evaluate(document, { ...constants, ...given }),
  };
}
