import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { type BothAnswers, bothAnswers, R4 } from './both-engines.ts';
import { plainAnswer } from './plain-answers.ts';
import { readPublishedCases, readResource } from './published-cases.ts';

/**
 * The cases that the FHIRPath project publishes are not part of this repository. Name the file (its resources stand
 * beside it) in HEARBACK_FHIRPATH_CASES to run them.
 */
const file = process.env['HEARBACK_FHIRPATH_CASES'];

const cases = file === undefined ? [] : readPublishedCases(file);

(file === undefined ? describe.skip : describe)('the published FHIRPath R4 cases (HEARBACK_FHIRPATH_CASES)', () => {
  const answers: BothAnswers[] = [];
  let answeredPlain = 0;
  const resources = new Map<string | undefined, unknown>();

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { expression, inputFile }) => {
    const input = resources.get(inputFile) ?? readResource(file ?? '', inputFile);
    resources.set(inputFile, input);
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const both = bothAnswers({ expression, input: input ?? {}, model: R4 });
    jest.restoreAllMocks();
    answers.push(both);
    expect(both.closures).toEqual(both.package);
    if (both.engine === 'refused') return;
    const plain = plainAnswer({ expression, input: input ?? {}, model: R4 });
    if (plain.kind === 'answered') expect(plain.plain).toEqual(plain.nodes);
    answeredPlain += Number(plain.kind === 'answered');
  });

  it('are there', () => expect(cases.length).toBeGreaterThan(900));

  afterAll(() => {
    const count = (test: (both: BothAnswers) => boolean): number => answers.filter(test).length;
    const same = count((both) => JSON.stringify(both.closures) === JSON.stringify(both.package));
    const engines = ['closures', 'mixed', 'fhirpath', 'refused'].map(
      (engine) => `${engine} ${count((both) => both.engine === engine)}`,
    );
    const errors = count((both) => both.package === 'error');
    process.stdout.write(
      `published FHIRPath cases: ${answers.length} expressions, ${same} the same (${errors} of them errors both ways); ${engines.join(', ')}; ${answeredPlain} also on plain data\n`,
    );
  });
});

if (file === undefined) it('needs HEARBACK_FHIRPATH_CASES to run the published cases', () => expect(cases).toEqual([]));
