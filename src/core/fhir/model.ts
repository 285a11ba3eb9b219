import { nearestName } from './model-nearest.ts';
import type { RawProperty, RawTypes, RawValueSets } from './model-source.ts';

/** One element of a type, under the name it has in JSON (`valueQuantity`, never `value[x]`). */
export interface ElementDef {
  readonly name: string;
  /** The name FHIRPath uses: `value` for `valueQuantity`, the same as `name` otherwise. */
  readonly path: string;
  /** A type's name; a backbone's is its path (`Bundle.entry`). Ask `typeNamed` for it. */
  readonly type: string;
  readonly list: boolean;
  /** At least one is needed. For a choice it is said on each variant and means: one of them. */
  readonly required: boolean;
  readonly choice: boolean;
  readonly binding?: { readonly strength: string; readonly valueSet: string };
  /** Resource types a Reference may point to; absent when any. */
  readonly targets?: readonly string[];
}

export interface TypeDef {
  readonly name: string;
  readonly kind: 'resource' | 'complex' | 'primitive' | 'backbone';
  /** In the order of the specification, by JSON name. */
  readonly elements: ReadonlyMap<string, ElementDef>;
  /** The elements without which it is incomplete; one entry for a choice. */
  readonly required: readonly ElementDef[];
}

/** A coded value that a required binding allows. */
export interface AllowedCodes {
  readonly codes: ReadonlySet<string>;
  /** `system|code` */
  readonly codings: ReadonlySet<string>;
}

/** FHIR R4 (4.0.1) as data: what exists, of what type, how often. */
export interface R4Model {
  /** A resource, data type, primitive or backbone (`Bundle.entry`); undefined when R4 has none of that name. */
  typeNamed(name: string): TypeDef | undefined;
  elementsOf(typeName: string): readonly ElementDef[];
  /** By JSON name: `status`, `valueQuantity`. */
  element(typeName: string, jsonName: string): ElementDef | undefined;
  /** By FHIRPath name: `value` gives every variant of the choice, `status` the one element; empty when there is none. */
  elementsNamed(typeName: string, pathName: string): readonly ElementDef[];
  /** The element or type name nearest to a misspelt one, when one is near. */
  nearestElement(typeName: string, name: string): string | undefined;
  nearestResource(name: string): string | undefined;
  isResource(name: string): boolean;
  readonly resources: readonly string[];
  /** The members of a value set that R4 binds as required; undefined when they are not all known (mime types, UCUM). */
  requiredCodes(valueSetUrl: string): AllowedCodes | undefined;
}

/** Types that others are built on and that no message may hold by themselves. */
const ABSTRACT = new Set(['Resource', 'DomainResource']);
/** Where the source differs from R4 4.0.1: Element.id is a string, Extension.url a uri. */
const CORRECTED: ReadonlyMap<string, string> = new Map([['Extension.url', 'uri']]);

/** Builds the model from definitional data (see model-source.ts). Pure; takes some 20 ms, so keep the result. */
export function buildR4Model(types: RawTypes, valueSets: RawValueSets): R4Model {
  const all = readTypes(types);
  const codes = readRequiredCodes(all, valueSets);
  const isResource = (name: string): boolean => all.get(name)?.kind === 'resource' && !ABSTRACT.has(name);
  const resources = [...all.keys()].filter(isResource);
  const elementsOf = (typeName: string): readonly ElementDef[] => [...(all.get(typeName)?.elements.values() ?? [])];
  return {
    typeNamed: (name) => all.get(name),
    elementsOf,
    element: (typeName, jsonName) => all.get(typeName)?.elements.get(jsonName),
    elementsNamed: (typeName, pathName) => elementsOf(typeName).filter((element) => element.path === pathName),
    nearestElement: (typeName, name) => nearestName(name, all.get(typeName)?.elements.keys() ?? []),
    nearestResource: (name) => nearestName(name, resources),
    isResource,
    resources,
    requiredCodes: (valueSetUrl) => codes.get(withoutVersion(valueSetUrl)),
  };
}

function readTypes(types: RawTypes): Map<string, TypeDef> {
  const all = new Map<string, TypeDef>();
  for (const [name, raw] of Object.entries(types)) {
    const kind = raw._kind === 'resource' ? 'resource' : raw._kind === 'primitive-type' ? 'primitive' : 'complex';
    addType(all, { name, kind, properties: raw._properties });
  }
  return all;
}

interface Unread {
  readonly name: string;
  readonly kind: TypeDef['kind'];
  readonly properties: readonly RawProperty[];
}

function addType(all: Map<string, TypeDef>, unread: Unread): void {
  const elements = new Map<string, ElementDef>();
  const required = new Map<string, ElementDef>();
  for (const raw of unread.properties) {
    if (raw._name.startsWith('_')) continue;
    const element = readElement(raw, unread);
    elements.set(element.name, element);
    if (element.required && !required.has(element.path)) required.set(element.path, element);
    if (raw._properties !== undefined && raw._properties.length > 0)
      addType(all, { name: element.type, kind: 'backbone', properties: raw._properties });
  }
  all.set(unread.name, { name: unread.name, kind: unread.kind, elements, required: [...required.values()] });
}

function readElement(raw: RawProperty, owner: Unread): ElementDef {
  const path = raw._choice?.replace('[x]', '') ?? raw._name;
  return {
    name: raw._name,
    path,
    type: typeOf(raw, owner),
    list: raw._multiple,
    required: raw._required === true,
    choice: raw._choice !== undefined,
    ...(raw._valueSet !== undefined &&
      raw._valueSetStrength !== undefined && {
        binding: { strength: raw._valueSetStrength, valueSet: withoutVersion(raw._valueSet) },
      }),
    ...targetsOf(raw),
  };
}

function typeOf(raw: RawProperty, owner: Unread): string {
  if (raw._name === 'id' && owner.kind !== 'resource') return 'string';
  if (raw._type.startsWith('#')) return raw._type.slice(1);
  if (raw._properties !== undefined && raw._properties.length > 0) return `${owner.name}.${raw._name}`;
  return CORRECTED.get(`${owner.name}.${raw._name}`) ?? raw._type;
}

function targetsOf(raw: RawProperty): { targets?: readonly string[] } {
  const names = (raw._targetProfiles ?? []).map((profile) => profile.slice(profile.lastIndexOf('/') + 1));
  return raw._type !== 'Reference' || names.length === 0 || names.includes('Resource') ? {} : { targets: names };
}

function readRequiredCodes(all: ReadonlyMap<string, TypeDef>, valueSets: RawValueSets): Map<string, AllowedCodes> {
  const read = new Map<string, AllowedCodes>();
  for (const type of all.values()) {
    for (const { binding } of type.elements.values()) {
      if (binding?.strength !== 'required' || read.has(binding.valueSet)) continue;
      const systems = valueSets[binding.valueSet]?.systems ?? [];
      const pairs = systems.flatMap((system) => system.codes.map(({ code }) => [system.uri, code] as const));
      if (pairs.length === 0) continue;
      read.set(binding.valueSet, {
        codes: new Set(pairs.map(([, code]) => code)),
        codings: new Set(pairs.map(([system, code]) => `${system}|${code}`)),
      });
    }
  }
  return read;
}

function withoutVersion(canonical: string): string {
  const bar = canonical.indexOf('|');
  return bar === -1 ? canonical : canonical.slice(0, bar);
}
