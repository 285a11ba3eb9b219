import type { Finding } from '../finding.ts';
import { readJson } from '../json/strict-json.ts';
import { type ConceptMapTable, codeOfToken, readConceptMap, tokenOf } from './concept-map.ts';
import { asObject, type JsonObject, type Tell, type TerminologyFile, tellInto, textIn } from './resource-flaw.ts';
import type { MapVersion, Terminology } from './terminology.ts';
import { readCodeSystem, readValueSet, type ValueSetMembers } from './value-set.ts';

/** A tree of code systems that is deeper than this is a mistake. */
const MAX_DEPTH = 60;
const SUPPORTED = ['ConceptMap', 'ValueSet', 'CodeSystem'];

interface Loaded {
  readonly file: string;
  readonly resource: JsonObject;
  readonly type: string;
  readonly id: string;
  readonly tell: Tell;
}

interface BuiltTerminology {
  readonly terminology: Terminology;
  readonly findings: readonly Finding[];
}

/**
 * Reads FHIR R4 ConceptMap, ValueSet and CodeSystem resources (JSON, one to a file) into a Terminology. Maps and value
 * sets are known by id and by canonical url. What is wrong is a finding with file and JSON Pointer; a resource that
 * cannot be read is left out, so with an error among the findings the terminology must not be used.
 */
export function buildTerminology(files: readonly TerminologyFile[]): BuiltTerminology {
  const findings: Finding[] = [];
  const loaded = files.flatMap((file) => load(file, findings));
  reportRepeated(loaded);
  const systems = new Map(
    loaded.flatMap(({ type, resource, tell }) => {
      const read = type === 'CodeSystem' ? readCodeSystem(resource, tell) : undefined;
      return read === undefined ? [] : [[read.system, read.codes] as const];
    }),
  );
  const maps = new Map<string, ConceptMapTable>();
  const versions = new Map<string, MapVersion>();
  const valueSets = new Map<string, ValueSetMembers>();
  for (const one of loaded) {
    if (one.type === 'ConceptMap') {
      addNamed(maps, one, readConceptMap(one.resource, one.tell));
      addNamed(versions, one, versionIn(one.resource));
    }
    if (one.type === 'ValueSet') addNamed(valueSets, one, readValueSet(one.resource, systems, one.tell));
  }
  const terminology: Terminology = {
    ...terminologyOf(maps, valueSets),
    versionOfMap: (map) => versions.get(map),
    codesOfMap: (map) => {
      const table = maps.get(map);
      return table && [...table.keys()].map(codeOfToken);
    },
  };
  return { terminology, findings };
}

function terminologyOf(
  maps: ReadonlyMap<string, ConceptMapTable>,
  valueSets: ReadonlyMap<string, ValueSetMembers>,
): Terminology {
  return {
    translate: (map, system, code) => maps.get(map)?.get(tokenOf(system, code)) ?? { kind: 'unknown' },
    member(valueSet, system, code) {
      const loaded = valueSets.get(valueSet);
      if (loaded?.members.has(tokenOf(system, code))) return 'yes';
      return loaded?.complete ? 'no' : 'unknown';
    },
    hasMap: (map) => maps.has(map),
    hasValueSet: (valueSet) => valueSets.has(valueSet),
  };
}

function versionIn(resource: JsonObject): MapVersion {
  const version = textIn(resource, 'version');
  return { url: textIn(resource, 'url') ?? '', ...(version !== undefined && { version }) };
}

function load({ file, text }: TerminologyFile, findings: Finding[]): Loaded[] {
  const read = readJson(new TextEncoder().encode(text), { maxDepth: MAX_DEPTH });
  findings.push(...read.findings.map((finding) => ({ ...finding, place: { file, ...finding.place } })));
  if (!Object.hasOwn(read, 'value')) return [];
  const tell = tellInto(findings, file);
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
  return id === undefined ? [] : [{ file, resource, type, id, tell }];
}

function reportRepeated(loaded: readonly Loaded[]): void {
  const seen = new Map<string, string>();
  for (const { type, id, resource, file, tell } of loaded) {
    for (const name of [`${type}/${id}`, textIn(resource, 'url')]) {
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
