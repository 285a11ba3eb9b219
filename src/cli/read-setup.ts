import type { ConfigIo } from '../config/io.ts';
import { readConfig } from '../config/read.ts';
import { resolveSecrets, type Secrets } from '../config/resolve-secrets.ts';
import { routingTable } from '../config/routing-table.ts';
import type { Config } from '../config/schema.ts';
import type { Finding } from '../core/finding.ts';
import { hasErrors } from '../core/finding.ts';
import type { Terminology } from '../core/terminology/terminology.ts';
import { type Library, readLibrary } from './read-library.ts';

/** A configuration with everything it names, found right: enough to start. */
export interface Setup {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly library: Library;
}

/**
 * Reads the configuration, its secrets, its mappings (with the functions beside them) and its terminology, and says
 * everything that is wrong with any of them. `setup` is there exactly when no finding is an error: nothing starts before all
 * is right.
 */
export async function readSetup(
  file: string,
  io: ConfigIo,
): Promise<{ readonly setup?: Setup; readonly findings: readonly Finding[] }> {
  const { config, findings } = readConfig(file, io);
  if (config === undefined) return { findings };
  const read = await readLibrary(config.engine, io);
  // That the directory is there, `readConfig` has seen.
  if (read === undefined) throw new Error('the mappings directory went away while it was read');
  const { library, findings: ofLibrary } = read;
  const { secrets, findings: ofSecrets } = resolveSecrets(config, io);
  const { terminology } = library.environment;
  const all = [...findings, ...ofSecrets, ...ofLibrary, ...valueSetFindings(config, terminology, file)];
  if (secrets === undefined || hasErrors(all)) return { findings: all };
  return { setup: { config, secrets, library }, findings: all };
}

/** Value sets that the configuration names and the terminology does not have. */
export function valueSetFindings(config: Config, terminology: Terminology, file: string): Finding[] {
  const named = routingTable(config).flatMap(({ name, when }) =>
    [when.need?.valueSet, when.service?.valueSet].flatMap((set) =>
      set === undefined ? [] : [{ set, where: `route "${name}"` }],
    ),
  );
  return [...named, { set: config.engine.serviceValueSet, where: 'the referral rules' }]
    .filter(({ set }) => !terminology.hasValueSet(set))
    .map(({ set, where }) => ({
      severity: 'error',
      rule: 'config/unknown-value-set',
      place: { file },
      message: `The value set "${set}", which ${where} need, is not in the terminology directory.`,
      remedy: 'Add the ValueSet resource to the terminology directory, or name one that is there.',
    }));
}
