import type { Config, Partner } from '../config/schema.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Purpose } from '../core/message.ts';
import type { Replaceable, RoadPartner } from '../flow/road-parts.ts';
import type { Store } from '../ports.ts';
import { compileKept } from './compile-kept.ts';
import type { Library } from './read-library.ts';

/** The road's parts that follow from mappings and terminology. */
export function replaceableParts(
  { partners }: Config,
  library: Library,
  store: Pick<Store, 'keptMappings'>,
): Replaceable {
  const mappings = new Map(library.mappings.map(({ mapping }) => [mapping.name, mapping]));
  return {
    partners: new Map(partners.map((partner) => [partner.id, roadPartner(partner, mappings)])),
    reportMappings: mappings,
    terminology: library.environment.terminology,
    instruments: library.instruments,
    async keptMapping(digest) {
      const [kept] = await store.keptMappings({ digest });
      return kept && (await compileKept(kept, library.environment))?.mapping;
    },
  };
}

function roadPartner(partner: Partner, mappings: ReadonlyMap<string, CompiledMapping>): RoadPartner {
  const { id, kind, organisation } = partner;
  const [outlet] = partner.outlets;
  const named = { name: organisation.name, ...(organisation.ods !== undefined && { ods: organisation.ods }) };
  if (outlet === undefined) return { id, kind, organisation: named };
  const channel = outlet.type;
  if (outlet.type === 'fhir')
    return { id, kind, organisation: named, outward: { channel, level: 'technical', mappings: new Map() } };
  const byPurpose = Object.entries(outlet.mappings).flatMap(([purpose, name]): [Use, CompiledMapping][] => {
    const mapping = mappings.get(name ?? '');
    return mapping !== undefined && isUse(purpose) ? [[purpose, mapping]] : [];
  });
  return {
    id,
    kind,
    organisation: named,
    outward: { channel, level: outlet.acknowledges, mappings: new Map(byPurpose) },
  };
}

type Use = Purpose | 'answer';

function isUse(word: string): word is Use {
  return ['referral', 'update', 'cancel', 'write-back', 'answer'].includes(word);
}
