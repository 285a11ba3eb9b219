import type { Config, Partner } from '../config/schema.ts';
import type { Code, ReadBackPolicy } from '../core/loop/read-back/reading.ts';
import { USUAL_RULES, type WriteBackRules } from '../core/loop/write-back-rules.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Purpose } from '../core/message.ts';
import type { Replaceable, RoadPartner } from '../flow/road-parts.ts';
import type { Store } from '../ports-record.ts';
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
  if (outlet.type === 'fhir') {
    const readBack = outlet.readBack && readBackPolicy(outlet.readBack);
    // Where the record can be read, only what was read back counts as told.
    const level = readBack === undefined ? 'technical' : 'read-back';
    return {
      id,
      kind,
      organisation: named,
      outward: {
        channel,
        level,
        mappings: new Map(),
        ...(readBack && { readBack }),
        writeBack: rulesOf(outlet.writeBack),
      },
    };
  }
  const byPurpose = Object.entries(outlet.mappings ?? {}).flatMap(([purpose, name]): [Use, CompiledMapping][] => {
    const mapping = mappings.get(name ?? '');
    return mapping !== undefined && isUse(purpose) ? [[purpose, mapping]] : [];
  });
  return {
    id,
    kind,
    organisation: named,
    outward: {
      channel,
      level: outlet.acknowledges,
      mappings: new Map(byPurpose),
      ...(kind === 'gp-system' && outlet.type !== 'webhook' && { writeBack: rulesOf(outlet.writeBack) }),
    },
  };
}

type WriteBack = Extract<Partner['outlets'][number], { type: 'fhir' }>['writeBack'];

function rulesOf(rules: WriteBack): WriteBackRules {
  if (rules === undefined) return USUAL_RULES;
  const { period, most, ...rest } = rules;
  return most === 1 ? rest : { ...rest, periodMs: period, most };
}

type ReadBack = NonNullable<Extract<Partner['outlets'][number], { type: 'fhir' }>['readBack']>;

function readBackPolicy({ everySeconds, patience, onLostCode, knownLost, instead }: ReadBack): ReadBackPolicy {
  return {
    everyMs: everySeconds * 1_000,
    patienceMs: patience,
    onLostCode,
    knownLost,
    instead: instead.map(({ lost, use }) => ({ lost: codeOf(lost), use: codeOf(use) })),
  };
}

/** `system|code`; the last bar parts them, because a system may hold one. */
function codeOf(token: string): Code {
  const bar = token.lastIndexOf('|');
  return { system: token.slice(0, bar), code: token.slice(bar + 1) };
}

type Use = Purpose | 'answer';

function isUse(word: string): word is Use {
  return ['referral', 'update', 'cancel', 'write-back', 'document', 'answer'].includes(word);
}
