import { directionFindings } from '../config/checks/mapping-directions.ts';
import { decisionFindings } from '../config/checks/partner-decisions.ts';
import type { ConfigIo } from '../config/io.ts';
import { readConfig } from '../config/read.ts';
import { resolveSecrets, type Secrets } from '../config/resolve-secrets.ts';
import { routingTable } from '../config/routing-table.ts';
import type { Config } from '../config/schema.ts';
import type { Finding } from '../core/finding.ts';
import { hasErrors } from '../core/finding.ts';
import type { Terminology } from '../core/terminology/terminology.ts';
import { findRelease } from '../store/terminology/find-release.ts';
import { type Library, readLibrary } from './read-library.ts';
import { namesInUse } from './versions-in-use.ts';

/** A configuration with everything it names, found right: enough to start. */
export interface Setup {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly library: Library;
  /** Of the configuration's file: SHA-256, lower-case hex. */
  readonly digest: string;
}

/**
 * Reads the configuration, its secrets, the mappings that it names (with the functions beside them) and its terminology, and
 * says everything that is wrong with any of them. A mapping that nobody names is the business of `hearback mappings check`.
 * `setup` is there exactly when no finding is an error: nothing starts before all is right.
 */
export async function readSetup(
  file: string,
  io: ConfigIo,
): Promise<{ readonly setup?: Setup; readonly findings: readonly Finding[] }> {
  const { config, digest, findings } = readConfig(file, io);
  if (config === undefined || digest === undefined) return { findings };
  const { release, findings: ofRelease } = releaseOf(config);
  const read = await readLibrary(config.engine, io, { names: namesInUse(config), release });
  // That the directory is there, `readConfig` has seen.
  if (read === undefined) throw new Error('the mappings directory went away while it was read');
  const { library, findings: ofLibrary } = read;
  const { secrets, findings: ofSecrets } = resolveSecrets(config, io);
  const ofNames = [...nameFindings(config, library, file), ...decisionFindings(config, io)];
  const all = [...findings, ...ofSecrets, ...ofRelease, ...ofLibrary, ...ofNames];
  if (secrets === undefined || hasErrors(all)) {
    release?.close();
    return { findings: all };
  }
  return { setup: { config, secrets, library, digest }, findings: all };
}

/** With a server in its place that must be waited for when it is down, no imported release answers. */
function releaseOf({ engine }: Config): ReturnType<typeof findRelease> {
  if (engine.terminologyServer?.onDown === 'hold') return { findings: [] };
  return findRelease(engine.releases, engine.edition);
}

/** What the configuration names and the library does not have, or has otherwise than it is needed. */
export function nameFindings(config: Config, library: Library, file: string): Finding[] {
  const directions = new Map(library.mappings.map(({ mapping }) => [mapping.name, mapping]));
  return [...valueSetFindings(config, library.terminology, file), ...directionFindings(config, directions, file)];
}

/** Value sets that the configuration names and the terminology does not have. */
function valueSetFindings(config: Config, terminology: Terminology, file: string): Finding[] {
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
