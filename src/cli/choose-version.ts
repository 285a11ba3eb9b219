import type { KeptMapping } from '../core/message.ts';
import type { Store } from '../ports-record.ts';
import { type CompiledKept, compileKept } from './compile-kept.ts';
import { WrongUse } from './exit-code.ts';
import type { Library } from './read-library.ts';

/** The version of a mapping that the record keeps under a number or (the first letters of) a digest, compiled. */
export async function chooseVersion(
  name: string,
  wanted: string,
  { store, library }: { readonly store: Pick<Store, 'keptMappings'>; readonly library: Library },
): Promise<CompiledKept> {
  const kept = await store.keptMappings({ name });
  const [found, other] = kept.filter((one) => isMeant(one, wanted));
  if (found === undefined || other !== undefined) {
    const known = kept.map(({ version, digest }) => `${version} (${digest.slice(0, 12)})`).join(', ');
    throw new WrongUse(
      `${found === undefined ? 'The record keeps no' : 'The record keeps more than one'} version ${wanted} of ${name}. It keeps: ${known || 'none'}.`,
    );
  }
  const compiled = await compileKept(found, library.environment);
  if (compiled === undefined) throw new WrongUse(`Version ${found.version} of ${name} cannot be run by this program.`);
  return compiled;
}

const SHORTEST_DIGEST = 8;

function isMeant({ version, digest }: KeptMapping, wanted: string): boolean {
  return wanted === String(version) || (wanted.length >= SHORTEST_DIGEST && digest.startsWith(wanted.toLowerCase()));
}

/** The version in use, for what was recorded before the record kept any. */
export function versionInUse(name: string, { mappings, environment }: Library): CompiledKept {
  const found = mappings.find(({ mapping }) => mapping.name === name);
  if (found === undefined) throw new WrongUse(`There is no mapping ${name}.`);
  return { ...found, environment };
}
