import { isDeepStrictEqual } from 'node:util';
import type { Contender } from './interleave.ts';

/**
 * Sees that all contenders make the same JSON of every input (members without a value do not count, nor does the order of
 * members), which makes their speeds comparable.
 * @throws when one of them makes something else, naming it and both results
 */
export async function assertAgreement<Input>(
  contenders: readonly Contender<Input>[],
  inputs: () => readonly Input[],
): Promise<void> {
  const [first, ...others] = contenders;
  if (first === undefined) return;
  const expected = await resultsOf(first, inputs());
  for (const other of others) {
    const results = await resultsOf(other, inputs());
    for (const [index, result] of results.entries()) {
      if (isDeepStrictEqual(result, expected[index])) continue;
      throw new Error(
        `${other.name} does not make the same as ${first.name} of input ${index}, so their speeds cannot be compared.\n` +
          `${first.name}: ${JSON.stringify(expected[index])}\n${other.name}: ${JSON.stringify(result)}`,
      );
    }
  }
}

async function resultsOf<Input>(contender: Contender<Input>, inputs: readonly Input[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const input of inputs) {
    const result = 'run' in contender ? contender.run(input) : await contender.runAsync(input);
    results.push(JSON.parse(JSON.stringify(result ?? null)));
  }
  return results;
}
