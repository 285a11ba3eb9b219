import type { Terminology } from '../terminology/terminology.ts';
import type { Report } from './mapping-findings.ts';
import type { MappingSource, MapUse } from './template.ts';

/** Lists the codes of a value set; undefined when there is none of that name, or its members cannot all be listed. */
export type CodesOf = (valueSet: string) => readonly { readonly system: string; readonly code: string }[] | undefined;

interface Known {
  readonly terminology: Terminology;
  readonly codesOf?: CodesOf;
}

/** How many codes a finding names. */
const SHOWN = 5;

/** Says which concept maps do not exist, and which do not know all codes of the value set that they must cover. */
export function checkMaps(source: MappingSource, known: Known, report: Report): void {
  for (const use of source.maps) {
    if (known.terminology.hasMap(use.map)) {
      checkCover(use, known, report);
      continue;
    }
    report({
      offset: use.offset,
      rule: 'mapping/unknown-map',
      message: 'There is no concept map of this id.',
      remedy: 'Add a ConceptMap with this id to the terminology directory, or mend the name.',
      issue: 'not-found',
    });
  }
}

function checkCover({ map, covers }: MapUse, { terminology, codesOf }: Known, report: Report): void {
  if (covers === undefined) return;
  const codes = codesOf?.(covers.name);
  if (codes === undefined) {
    report({ offset: covers.offset, ...(codesOf === undefined ? NOT_LOOKED : NOT_LISTED) });
    return;
  }
  const missing = codes.filter(({ system, code }) => terminology.translate(map, system, code).kind === 'unknown');
  if (missing.length === 0) return;
  const shown = missing.slice(0, SHOWN).map(({ code }) => code);
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
  report({
    offset: covers.offset,
    rule: 'mapping/cover',
    message: `The concept map does not know ${missing.length} of the ${codes.length} codes of this value set: ${shown.join(', ')}${more}.`,
    remedy: 'Add them to the concept map; a code that has no counterpart is written down there as unmatched.',
    issue: 'code-invalid',
  });
}

const NOT_LOOKED = {
  rule: 'mapping/cover',
  severity: 'information',
  message: 'Whether the map covers this value set was not looked at here.',
  remedy: 'Run hearback mappings check.',
  issue: 'informational',
} as const;

const NOT_LISTED = {
  rule: 'mapping/cover',
  message: 'There is no value set of this id, or its codes cannot all be listed.',
  remedy: 'Add a ValueSet with this id and its codes to the terminology directory, or mend the name.',
  issue: 'not-found',
} as const;
