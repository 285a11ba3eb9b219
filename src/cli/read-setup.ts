import { loadR4Model } from '../adapters/fhir-rest/r4-definitions.ts';
import { directionFindings } from '../config/checks/mapping-directions.ts';
import type { ConfigIo } from '../config/io.ts';
import { type Library, loadLibrary, loadMappingFiles } from '../config/library.ts';
import { readConfig } from '../config/read.ts';
import { resolveSecrets, type Secrets } from '../config/resolve-secrets.ts';
import { routingTable } from '../config/routing-table.ts';
import type { Config } from '../config/schema.ts';
import type { Finding } from '../core/finding.ts';
import { hasErrors } from '../core/finding.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import { compileLibrary } from '../core/mapping/library.ts';
import { valueSetCodes } from '../core/mapping/value-set-codes.ts';
import { buildTerminology } from '../core/terminology/build-terminology.ts';
import type { Terminology } from '../core/terminology/terminology.ts';

/** A configuration with everything it names, found right: enough to start. */
export interface Setup {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly terminology: Terminology;
  /** By name. */
  readonly mappings: ReadonlyMap<string, CompiledMapping>;
}

/**
 * Reads the configuration, its secrets, its mappings and its terminology, and says everything that is wrong with any of
 * them. `setup` is there exactly when no finding is an error: nothing starts before all is right.
 */
export function readSetup(file: string, io: ConfigIo): { setup?: Setup; findings: readonly Finding[] } {
  const { config, findings } = readConfig(file, io);
  if (config === undefined) return { findings };
  const library = loadLibrary(config.engine, io);
  const { terminology, findings: ofTerms } = buildTerminology(library.terminology);
  const compiled = compileAll(config, library, terminology, io);
  const { secrets, findings: ofSecrets } = resolveSecrets(config, io);
  const all = [
    ...findings,
    ...ofSecrets,
    ...ofTerms,
    ...compiled.findings,
    ...valueSetFindings(config, terminology, file),
    ...directionFindings(config, compiled.mappings, file),
  ];
  if (secrets === undefined || hasErrors(all)) return { findings: all };
  return { setup: { config, secrets, terminology, mappings: compiled.mappings }, findings: all };
}

function compileAll(config: Config, library: Library, terminology: Terminology, io: ConfigIo) {
  const directory = config.engine.mappings;
  const { mappings, findings } = compileLibrary(loadMappingFiles(directory, io) ?? [], directory, {
    terminology,
    elements: loadR4Model(),
    codesOf: valueSetCodes(library.terminology),
  });
  return { mappings: new Map(mappings.map(({ mapping }) => [mapping.name, mapping])), findings };
}

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
