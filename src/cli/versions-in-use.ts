import { amqpMappings } from '../config/amqp-mapping.ts';
import type { Config } from '../config/schema.ts';
import type { Finding } from '../core/finding.ts';
import { keptFiles } from '../core/mapping/kept-files.ts';
import type { LibraryMapping } from '../core/mapping/library.ts';
import type { KeptMapping } from '../core/message.ts';
import { FUNCTION_ENDING } from './mappings-functions.ts';
import type { Library } from './read-library.ts';

/** Names of the mappings that the configuration names, at whatever inlet or outlet. */
export function namesInUse({ partners }: Config): ReadonlySet<string> {
  return new Set(
    partners.flatMap(({ inlets, outlets }) => [
      ...inlets.flatMap(namedByInlet),
      ...outlets.flatMap((outlet) =>
        outlet.type === 'fhir' ? [] : Object.values(outlet.mappings ?? {}).flatMap((name) => name ?? []),
      ),
    ]),
  );
}

function namedByInlet(inlet: Config['partners'][number]['inlets'][number]): string[] {
  if (inlet.type === 'webhook') return [inlet.mapping];
  if (inlet.type === 'amqp') return amqpMappings(inlet);
  return inlet.type === 'mllp' ? Object.values(inlet.mappings) : [];
}

export function mappingsInUse(config: Config, library: Library): LibraryMapping[] {
  const names = namesInUse(config);
  return library.mappings.filter(({ mapping }) => names.has(mapping.name));
}

/** The mappings in use as the record keeps them. */
export function versionsInUse(config: Config, library: Library, keptAt: string): KeptMapping[] {
  const below = {
    directory: config.engine.mappings,
    environment: library.environment,
    functionEnding: FUNCTION_ENDING,
  };
  return mappingsInUse(config, library).map((one) => {
    const { name, version, digest } = one.mapping;
    return { name, version, digest, keptAt, files: keptFiles(one, below) };
  });
}

/** A version that the record knows with another content: what it says of a message would no longer be true. */
export function uncountedChanges(
  versions: readonly KeptMapping[],
  kept: readonly KeptMapping[],
  directory: string,
): Finding[] {
  return versions
    .filter(({ name, version, digest }) => {
      const same = kept.filter((one) => one.name === name && one.version === version);
      return same.length > 0 && same.every((one) => one.digest !== digest);
    })
    .map(({ name, version }) => ({
      severity: 'error',
      rule: 'mapping/version-not-counted',
      place: { file: `${directory}/${name}.map.yaml` },
      message: `The mapping, or a fragment, schema or function that it uses, has changed, and it still calls itself version ${version}, under which the record knows another.`,
      remedy: `Write version: ${version + 1} or higher, or put back what version ${version} was.`,
      issue: 'conflict',
    }));
}
