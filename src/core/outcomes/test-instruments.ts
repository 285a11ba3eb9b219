import type { Finding } from '../finding.ts';
import { examplesShape } from './example-shape.ts';
import { buildInstruments, type InstrumentFileText, type InstrumentSet } from './instrument-set.ts';
import { readYamlPlaces } from './read-yaml-places.ts';
import { type ExampleDifference, runExample } from './run-examples.ts';

export const EXAMPLES_SUFFIX = '.examples.yaml';

export interface ExampleResult {
  readonly instrument: string;
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly differences: readonly ExampleDifference[];
}

export interface TestedInstruments {
  readonly instruments: InstrumentSet;
  readonly results: readonly ExampleResult[];
  readonly findings: readonly Finding[];
}

/** Reads all instruments and runs the worked examples beside them. An instrument without examples is a finding. */
export function testInstruments(files: readonly InstrumentFileText[]): TestedInstruments {
  const { instruments, findings: ofInstruments } = buildInstruments(files);
  const findings = [...ofInstruments];
  const results: ExampleResult[] = [];
  const covered = new Set<string>();
  for (const { file, text } of files.filter((one) => one.file.endsWith(EXAMPLES_SUFFIX))) {
    const source = readYamlPlaces(text, file);
    const read = examplesShape.safeParse(source.value);
    if (!read.success) {
      const [issue] = read.error.issues;
      const path = (issue?.path ?? []).map((step) => (typeof step === 'symbol' ? String(step) : step));
      findings.push(
        wrong(source.place(path), 'These are no worked examples.', 'Write them as docs/outcomes.md has it.'),
      );
      continue;
    }
    const instrument = instruments.all.find((one) => one.instrument === read.data.instrument);
    if (instrument === undefined) {
      findings.push(
        wrong(
          source.place(['instrument']),
          'There is no sound instrument of this id.',
          'Mend the id, or the instrument.',
        ),
      );
      continue;
    }
    covered.add(instrument.instrument);
    for (const [index, example] of read.data.examples.entries()) {
      const { line = 1 } = source.place(['examples', index]);
      results.push({
        instrument: instrument.instrument,
        file,
        line,
        name: example.name,
        differences: runExample(example, instrument, instruments),
      });
    }
  }
  for (const { instrument } of instruments.all) {
    if (covered.has(instrument)) continue;
    findings.push(
      wrong(
        { file: `${instrument}${EXAMPLES_SUFFIX}` },
        'This instrument has no worked examples.',
        'Compute some by hand and put them beside it.',
      ),
    );
  }
  return { instruments, results, findings };
}

function wrong(place: Finding['place'], message: string, remedy: string): Finding {
  return { severity: 'error', rule: 'instrument/examples', place, message, remedy, issue: 'structure' };
}
