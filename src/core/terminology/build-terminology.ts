import type { Finding } from '../finding.ts';
import { readJson } from '../json/strict-json.ts';
import type { CodeBook } from './code-book.ts';
import { type CodingChoice, isCodingChoice, NO_CODING_CHOICE, readCodingChoice } from './coding-choice.ts';
import { type ConceptMapTable, readConceptMap, tokenOf } from './concept-map.ts';
import { type KnownCodes, readKnownCodes } from './known-codes.ts';
import { asObject, type JsonObject, type Tell, type TerminologyFile, tellInto, textIn } from './resource-flaw.ts';
import type { Terminology } from './terminology.ts';
import { translateBack } from './translate-back.ts';
import { readCodeSystem, readValueSet, type ValueSetMembers } from './value-set.ts';

/** A tree of code systems that is deeper than this is a mistake. */
const MAX_DEPTH = 60;
const SUPPORTED = ['ConceptMap', 'ValueSet', 'CodeSystem'];

interface Loaded {
  readonly file: string;
  readonly partner?: string;
  readonly resource: JsonObject;
  readonly type: string;
  readonly id: string;
  readonly tell: Tell;
}

interface BuiltTerminology {
  readonly terminology: Terminology;
  readonly findings: readonly Finding[];
}

/** Concept maps by name. */
interface Maps {
  readonly general: ReadonlyMap<string, ConceptMapTable>;
  readonly ofPartner: ReadonlyMap<string, ReadonlyMap<string, ConceptMapTable>>;
  /** The id of a map, by every name of it. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Reads FHIR R4 ConceptMap, ValueSet and CodeSystem resources (JSON, one to a file) into a Terminology. Maps and value
 * sets are known by id and by canonical url. A map of a partner decides before the general one of its id. What is wrong is a finding with file and JSON Pointer; a resource that
 * cannot be read is left out, so with an error among the findings the terminology must not be used.
 */
export function buildTerminology(files: readonly TerminologyFile[]): BuiltTerminology {
  const findings: Finding[] = [];
  const choice: CodingChoice[] = [];
  const loaded = files.flatMap((file) => load(file, findings, choice));
  reportRepeated(loaded);
  const systems = new Map(
    loaded.flatMap(({ type, resource, tell }) => {
      const read = type === 'CodeSystem' ? readCodeSystem(resource, tell) : undefined;
      return read === undefined ? [] : [[read.system, read.codes] as const];
    }),
  );
  const valueSets = new Map<string, ValueSetMembers>();
  for (const one of loaded) {
    if (one.type === 'ValueSet') addNamed(valueSets, one, readValueSet(one.resource, systems, one.tell));
  }
  const maps = readMaps(loaded);
  const known = readKnownCodes(loaded.filter(({ type }) => type === 'CodeSystem').map(({ resource }) => resource));
  const codes = codeBook(known, maps, choice[0] ?? NO_CODING_CHOICE);
  return { terminology: terminologyOf(maps, valueSets, codes), findings };
}

function readMaps(loaded: readonly Loaded[]): Maps {
  const general = new Map<string, ConceptMapTable>();
  const ofPartner = new Map<string, Map<string, ConceptMapTable>>();
  const ids = new Map<string, string>();
  for (const one of loaded) {
    if (one.type !== 'ConceptMap') {
      if (one.partner !== undefined) one.tell('/resourceType', ONLY_MAPS);
      continue;
    }
    const table = readConceptMap(one.resource, one.tell);
    if (one.partner === undefined) {
      addNamed(general, one, table);
      addNamed(ids, one, one.id);
    } else {
      ofPartner.set(one.partner, (ofPartner.get(one.partner) ?? new Map()).set(one.id, table));
    }
  }
  return { general, ofPartner, ids };
}

const ONLY_MAPS = {
  rule: 'terminology/partner-resource',
  message: 'Below partners/ there are only concept maps: what one partner’s codes mean.',
  remedy: 'Move it to the terminology directory itself.',
  issue: 'not-supported',
} as const;

/** The tables that decide about a map's codes, the first first. */
function tablesOf(maps: Maps, map: string, partner: string | undefined): ConceptMapTable[] {
  const own = partner === undefined ? undefined : maps.ofPartner.get(partner)?.get(maps.ids.get(map) ?? map);
  return [own, maps.general.get(map)].flatMap((table) => table ?? []);
}

function terminologyOf(maps: Maps, valueSets: ReadonlyMap<string, ValueSetMembers>, codes: CodeBook): Terminology {
  return {
    translate(map, system, code, partner) {
      const token = tokenOf(system, code);
      for (const table of tablesOf(maps, map, partner)) {
        const found = table.get(token);
        if (found !== undefined) return found;
      }
      return { kind: 'unknown' };
    },
    member(valueSet, system, code) {
      const loaded = valueSets.get(valueSet);
      if (loaded?.members.has(tokenOf(system, code))) return 'yes';
      return loaded?.complete ? 'no' : 'unknown';
    },
    hasMap: (map) => maps.general.has(map),
    hasValueSet: (valueSet) => valueSets.has(valueSet),
    codes,
  };
}

function codeBook({ displays, concepts }: KnownCodes, maps: Maps, choice: CodingChoice): CodeBook {
  return {
    displays: (system, code) => displays.get(tokenOf(system, code)) ?? [],
    knows: (system, code) => displays.has(tokenOf(system, code)),
    concepts,
    choice,
    translateBack: (map, system, code, partner) => translateBack(tablesOf(maps, map, partner), system, code),
  };
}

function load({ file, text, partner }: TerminologyFile, findings: Finding[], choice: CodingChoice[]): Loaded[] {
  const read = readJson(new TextEncoder().encode(text), { maxDepth: MAX_DEPTH });
  findings.push(...read.findings.map((finding) => ({ ...finding, place: { file, ...finding.place } })));
  if (!Object.hasOwn(read, 'value')) return [];
  const tell = tellInto(findings, file);
  if (isCodingChoice(read.value)) {
    choice.push(readCodingChoice(read.value, tell));
    return [];
  }
  const resource = asObject(read.value);
  const type = textIn(resource, 'resourceType');
  if (resource === undefined || type === undefined || !SUPPORTED.includes(type)) {
    tell('/resourceType', {
      rule: 'terminology/resource-type',
      message: 'The file does not hold a terminology resource.',
      remedy: `Put one ${SUPPORTED.join(', or ')} into each file.`,
      issue: 'not-supported',
    });
    return [];
  }
  const id = textIn(resource, 'id');
  if (id === undefined || textIn(resource, 'url') === undefined) {
    tell(id === undefined ? '/id' : '/url', {
      rule: 'terminology/identity',
      message: 'The resource has no id or no canonical url, by which mappings name it.',
      remedy: 'Add both.',
      issue: 'required',
    });
  }
  return id === undefined ? [] : [{ file, ...(partner !== undefined && { partner }), resource, type, id, tell }];
}

function reportRepeated(loaded: readonly Loaded[]): void {
  const seen = new Map<string, string>();
  for (const { type, id, resource, file, tell, partner } of loaded) {
    // A partner's map has the id of the general one, before which it decides, and a url of its own.
    for (const name of [`${partner ?? ''}/${type}/${id}`, textIn(resource, 'url')]) {
      if (name === undefined) continue;
      const other = seen.get(name);
      if (other !== undefined) {
        tell('', {
          rule: 'terminology/duplicate-resource',
          message: `The file ${other} holds a resource of the same type and id, or of the same url.`,
          remedy: 'Keep one of the two.',
          issue: 'duplicate',
        });
      }
      seen.set(name, file);
    }
  }
}

function addNamed<T>(all: Map<string, T>, { id, resource }: Loaded, value: T): void {
  const url = textIn(resource, 'url');
  for (const name of url === undefined ? [id] : [id, url]) if (!all.has(name)) all.set(name, value);
}
