import { join } from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { loadLibrary } from '../library.ts';

/** What people decided about the codes of a partner that the configuration does not have: it would be asked again, in silence. */
export function decisionFindings(
  { partners, engine }: { readonly partners: readonly { readonly id: string }[]; readonly engine: Directories },
  io: Parameters<typeof loadLibrary>[1],
): Finding[] {
  const known = new Set(partners.map(({ id }) => id));
  const named = loadLibrary(engine, io).terminology.flatMap(({ partner }) => partner ?? []);
  return [...new Set(named)]
    .filter((partner) => !known.has(partner))
    .map((partner) => ({
      severity: 'warning',
      rule: 'config/decisions-of-nobody',
      place: { file: join(engine.terminology, 'partners', partner) },
      message: 'The configuration has no partner of this id: the decisions in this directory are not used.',
      remedy: `Name the directory after one of: ${[...known].join(', ')}; or take it away.`,
    }));
}

type Directories = Parameters<typeof loadLibrary>[0];
