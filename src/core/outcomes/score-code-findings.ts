import type { Finding } from '../finding.ts';
import type { CodeBook } from '../terminology/code-book.ts';
import type { InstrumentSet } from './instrument-set.ts';

/** Codes of scores and items that no code system describes: a code that nobody has seen in a source is not sent to a GP. */
export function scoreCodeFindings(
  { all }: InstrumentSet,
  codes: Pick<CodeBook, 'knows'>,
  directory: string,
): Finding[] {
  return all.flatMap(({ instrument, items, scores }) => {
    const used = [
      ...items.flatMap(({ code }) => code ?? []),
      ...scores.flatMap(({ code, formerCodes }) => [code, ...formerCodes]),
    ];
    const unknown = used.filter(({ system, code }) => !codes.knows(system, code));
    return unknown.map(
      ({ code }): Finding => ({
        severity: 'error',
        rule: 'instrument/unknown-code',
        place: { file: `${directory}/instruments/${instrument}.instrument.yaml` },
        message: `No code system or supplement describes the code ${code}.`,
        remedy: 'Add it to its code system with its source (local ones: code-system-outcome-score), or mend the code.',
        issue: 'code-invalid',
      }),
    );
  });
}
