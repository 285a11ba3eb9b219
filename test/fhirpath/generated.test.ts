import { afterAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import fhirpath from 'fhirpath';
import { type BothAnswers, bothAnswers, R4 } from './both-engines.ts';
import { expressions, fhirInputs, treeInputs, VARIABLES } from './generated.ts';
import { type PlainAnswer, plainAnswer } from './plain-answers.ts';

/** Pairs of an expression and an input; HEARBACK_FHIRPATH_PAIRS asks for more than the usual 2,000. */
const PAIRS = Number(process.env['HEARBACK_FHIRPATH_PAIRS'] ?? '2000');

const counts = { same: 0, errors: 0, values: 0, engines: new Map<string, number>(), plain: new Map<string, number>() };

function countedPlain({ kind }: PlainAnswer): void {
  counts.plain.set(kind, (counts.plain.get(kind) ?? 0) + 1);
}

function counted({ engine, package: asked }: BothAnswers): void {
  counts.engines.set(engine, (counts.engines.get(engine) ?? 0) + 1);
  counts.same += 1;
  if (asked === 'error') counts.errors += 1;
  else if (asked.length > 0) counts.values += 1;
}

function parses(expression: string): boolean {
  try {
    fhirpath.parse(expression);
    return true;
  } catch {
    return false;
  }
}

describe('a generated expression on a generated input gives what the fhirpath package gives', () => {
  it.each([
    ['in FHIR R4', fhirInputs, R4],
    ['in plain JSON', treeInputs, undefined],
  ] as const)('%s', (_kind, inputs, model) => {
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    fc.assert(
      fc.property(expressions.filter(parses), inputs, (expression, generated) => {
        // Of generated objects some have no prototype, which no JSON has.
        const input: unknown = JSON.parse(JSON.stringify(generated));
        const before = JSON.stringify(input);
        const both = bothAnswers({ expression, input, model, variables: VARIABLES });
        expect(both.closures).toEqual(both.package);
        expect(JSON.stringify(input)).toBe(before);
        const plain = plainAnswer({ expression, input, model, variables: VARIABLES });
        if (plain.kind === 'answered') expect(plain.plain).toEqual(plain.nodes);
        expect(JSON.stringify(input)).toBe(before);
        counted(both);
        countedPlain(plain);
      }),
      { numRuns: Math.ceil(PAIRS / 2) },
    );
    jest.restoreAllMocks();
  });

  afterAll(() => {
    const engines = [...counts.engines].map(([engine, count]) => `${engine} ${count}`).join(', ');
    const plain = [...counts.plain].map(([kind, count]) => `${kind} ${count}`).join(', ');
    process.stdout.write(
      `generated FHIRPath pairs: ${counts.same} the same; with values ${counts.values}, errors ${counts.errors}; ${engines}; on plain data: ${plain}\n`,
    );
  });
});
