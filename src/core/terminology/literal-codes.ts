import type { Finding } from '../finding.ts';
import { SNOMED_SYSTEM } from '../referral.ts';
import type { CodeBook } from './code-book.ts';
import { readSnomedIdentifier } from './snomed-identifier.ts';

/** A quoted identifier, on a line that speaks of SNOMED CT. */
const LITERAL = /['"](\d{6,18})['"]/g;

/** SNOMED CT codes that mapping files write out: each must be an identifier of a concept that is known here. */
export function literalCodeFindings(
  files: readonly { readonly file: string; readonly text: string }[],
  codes: Pick<CodeBook, 'knows'>,
): Finding[] {
  return files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => {
      if (!/%snomed|snomed\.info\/sct/.test(line)) return [];
      return [...line.matchAll(LITERAL)].flatMap((found): Finding[] => {
        const [, code = ''] = found;
        const read = readSnomedIdentifier(code);
        const sound = read.kind === 'valid' && read.component === 'concept';
        if (sound && codes.knows(SNOMED_SYSTEM, code)) return [];
        return [
          {
            severity: 'error',
            rule: sound ? 'terminology/unknown-code' : 'terminology/snomed-code',
            place: { file, line: index + 1, column: found.index + 2 },
            message: sound
              ? `No code system or supplement describes the SNOMED CT code ${code}.`
              : `${code} is not a SNOMED CT identifier of a concept.`,
            remedy: 'Take the code from its source again, or add it to a supplement with its display and its source.',
            issue: 'code-invalid',
          },
        ];
      });
    }),
  );
}
