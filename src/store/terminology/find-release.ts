import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../core/finding.ts';
import type { SnomedRelease } from '../../core/terminology/release/snomed-release.ts';
import { StoreError } from '../store-error.ts';
import { RELEASE_SUFFIX } from './import-release.ts';
import { openRelease } from './open-release.ts';

/** Names of the imported editions. */
export function importedEditions(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(RELEASE_SUFFIX) && !name.startsWith('.'))
    .map((name) => name.slice(0, -RELEASE_SUFFIX.length))
    .sort();
}

/** Opens the edition that is named, or the only one; of several none is chosen. */
export function findRelease(
  directory: string,
  edition: string | undefined,
): { readonly release?: SnomedRelease; readonly findings: readonly Finding[] } {
  const editions = importedEditions(directory);
  const chosen = edition ?? (editions.length === 1 ? editions[0] : undefined);
  if (chosen === undefined) return { findings: editions.length === 0 ? [] : [severalEditions(directory, editions)] };
  if (!editions.includes(chosen)) return { findings: [noSuchEdition(directory, editions)] };
  try {
    return { release: openRelease(join(directory, `${chosen}${RELEASE_SUFFIX}`)), findings: [] };
  } catch (fault) {
    if (fault instanceof StoreError) return { findings: [unreadable(directory, fault.message)] };
    throw fault;
  }
}

function severalEditions(directory: string, editions: readonly string[]): Finding {
  return {
    severity: 'error',
    rule: 'terminology/several-editions',
    place: { file: directory },
    message: `Several editions are imported: ${editions.join(', ')}.`,
    remedy: 'Name one as engine.edition.',
  };
}

function noSuchEdition(directory: string, editions: readonly string[]): Finding {
  return {
    severity: 'error',
    rule: 'terminology/no-such-edition',
    place: { file: directory },
    message: 'The edition that engine.edition names is not imported.',
    remedy:
      editions.length === 0 ? 'Import it: hearback terminology import PATH.' : `There is: ${editions.join(', ')}.`,
  };
}

function unreadable(directory: string, message: string): Finding {
  return {
    severity: 'error',
    rule: 'terminology/unreadable-release',
    place: { file: directory },
    message: `An imported release cannot be opened: ${message}`,
    remedy: 'Import it again.',
  };
}
