import { SNOMED_SYSTEM } from '../../referral.ts';
import { EclError } from '../ecl/expression.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';
import { asObject, type JsonObject, objectsOf, textIn } from '../resource-flaw.ts';
import type { ListedSystem } from './code-systems.ts';
import {
  expressionSet,
  type ListedMember,
  listedSet,
  type MemberSet,
  NO_MEMBERS,
  sifted,
  union,
} from './member-set.ts';

/** Value sets that include one another deeper than this go in circles. */
const MAX_DEPTH = 10;
/** Sets that are kept worked out: half a megabyte each with a release of the size of SNOMED CT. */
const KEPT = 40;

export interface ValueSetSources {
  readonly valueSets: readonly JsonObject[];
  readonly systems: ReadonlyMap<string, ListedSystem>;
  readonly release?: SnomedRelease;
}

/** Works out the members of value sets, of the terminology directory and implicit ones (R4 snomedct.html §4.3.1.0.6). */
export class ValueSets {
  readonly #sources: ValueSetSources;
  readonly #kept = new Map<string, MemberSet>();
  readonly #learned = new Map<string, MemberSet>();

  constructor(sources: ValueSetSources) {
    this.#sources = sources;
  }

  /** By id, canonical url (`|version` allowed) or implicit url; undefined when there is no such set. @throws EclError */
  members(name: string): MemberSet | undefined {
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name, 0);
    if (made === undefined) return undefined;
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= KEPT && oldest.done !== true) this.#kept.delete(oldest.value);
    this.#kept.set(name, made);
    return made;
  }

  expressions(): readonly string[] {
    const filters = this.#sources.valueSets.flatMap((one) =>
      objectsOf(asObject(one['compose'])?.['include'])
        .filter(({ object }) => textIn(object, 'system') === SNOMED_SYSTEM)
        .flatMap(({ object }) => objectsOf(object['filter'])),
    );
    return [...new Set(filters.flatMap(({ object }) => filterExpression(object) ?? []))];
  }

  learn(expression: string, members: readonly ListedMember[]): void {
    this.#learned.set(expression, listedSet(members));
    this.#kept.clear();
  }

  learnFrom(before: ValueSets): void {
    for (const [expression, members] of before.#learned) this.#learned.set(expression, members);
    this.#kept.clear();
  }

  resource(name: string): JsonObject | undefined {
    const [url, version] = name.split('|');
    return this.#sources.valueSets.find(
      (one) =>
        textIn(one, 'id') === name ||
        (textIn(one, 'url') === url && (version === undefined || textIn(one, 'version') === version)),
    );
  }

  #make(name: string, depth: number): MemberSet | undefined {
    const { release } = this.#sources;
    const implicit = implicitExpression(name, release);
    if (implicit?.kind === 'refsets') return release && refsetConcepts(release);
    if (implicit?.kind === 'ecl') return release && expressionSet(implicit.ecl, release);
    const resource = this.resource(name);
    if (resource === undefined) return undefined;
    const compose = asObject(resource['compose']);
    if (compose === undefined) return expansionSet(resource);
    const included = union(objectsOf(compose['include']).map(({ object }) => this.#part(object, depth)));
    const excluded = union(objectsOf(compose['exclude']).map(({ object }) => this.#part(object, depth)));
    return excluded.listed.size === 0 && excluded.flags === undefined && excluded.gaps.length === 0
      ? included
      : sifted(included, excluded, false, release);
  }

  #part(part: JsonObject, depth: number): MemberSet {
    const named = Array.isArray(part['valueSet']) ? part['valueSet'].filter((one) => typeof one === 'string') : [];
    const others = named.map((one: string) => (depth > MAX_DEPTH ? undefined : this.#make(one, depth + 1)));
    const own = textIn(part, 'system') === undefined ? undefined : this.#ownPart(part);
    const sets = [
      ...(own === undefined ? [] : [own]),
      ...others.map((one) => one ?? gap('a value set that is not here')),
    ];
    const [first, ...rest] = sets;
    return rest.reduce((all, one) => sifted(all, one, true, this.#sources.release), first ?? NO_MEMBERS);
  }

  #ownPart(part: JsonObject): MemberSet {
    const { systems } = this.#sources;
    const system = textIn(part, 'system') ?? '';
    const concepts = objectsOf(part['concept']);
    const filters = objectsOf(part['filter']);
    if (concepts.length > 0) {
      return listedSet(
        concepts.flatMap(({ object }) => {
          const code = textIn(object, 'code');
          const display = textIn(object, 'display');
          return code === undefined ? [] : [{ system, code, ...(display !== undefined && { display }) }];
        }),
      );
    }
    if (system === SNOMED_SYSTEM) return this.#filtered(filters);
    const listed = systems.get(system);
    if (listed === undefined || !listed.complete || filters.length > 0) return gap(`the content of ${system}`);
    return listedSet(
      [...listed.concepts.values()].map(({ code, display }) => ({
        system,
        code,
        ...(display !== undefined && { display }),
      })),
    );
  }

  /** Filters of SNOMED CT (R4 snomedct.html §4.3.1.0.5), all of which must hold; one that cannot be answered is a gap. */
  #filtered(filters: readonly { readonly object: JsonObject }[]): MemberSet {
    const { release } = this.#sources;
    if (filters.length === 0) return release === undefined ? gap(RELEASE) : expressionSet('*', release);
    const sets = filters.map(({ object }) => {
      const ecl = filterExpression(object);
      return ecl === undefined ? gap('a filter that is not evaluated here') : this.#expression(ecl);
    });
    const [first = NO_MEMBERS, ...rest] = sets;
    return rest.reduce((all, one) => sifted(all, one, true, release), first);
  }

  #expression(ecl: string): MemberSet {
    const { release } = this.#sources;
    const learned = this.#learned.get(ecl);
    if (learned !== undefined) return learned;
    if (release === undefined) return gap(RELEASE);
    try {
      return expressionSet(ecl, release);
    } catch (fault) {
      if (fault instanceof EclError) return gap(`what a filter names: ${fault.message}`);
      throw fault;
    }
  }
}

const RELEASE = 'a SNOMED CT release';

function gap(what: string): MemberSet {
  return { ...NO_MEMBERS, gaps: [`It needs ${what}.`] };
}

function filterExpression(filter: JsonObject): string | undefined {
  const [property, op, value = ''] = [textIn(filter, 'property'), textIn(filter, 'op'), textIn(filter, 'value')];
  if (property === 'concept' && op === 'is-a') return `<< ${value}`;
  if (property === 'concept' && op === 'descendent-of') return `< ${value}`;
  if (property === 'concept' && op === 'in') return `^ ${value}`;
  if ((property === 'constraint' || property === 'expression') && op === '=') return value;
  return undefined;
}

type Implicit = { readonly kind: 'ecl'; readonly ecl: string } | { readonly kind: 'refsets' };

/** What an implicit value set of SNOMED CT means; undefined for other urls and for another edition than the loaded one. */
function implicitExpression(url: string, release: SnomedRelease | undefined): Implicit | undefined {
  const [, edition, what = ''] = /^(http:\/\/snomed\.info\/sct[^?]*)\?fhir_vs(?:=(.*))?$/s.exec(url) ?? [];
  if (edition === undefined || !isEdition(edition, release)) return undefined;
  if (what === '') return { kind: 'ecl', ecl: '*' };
  if (what === 'refset') return { kind: 'refsets' };
  if (what.startsWith('isa/')) return { kind: 'ecl', ecl: `<< ${what.slice(4)}` };
  if (what.startsWith('refset/')) return { kind: 'ecl', ecl: `^ ${what.slice(7)}` };
  return what.startsWith('ecl/') ? { kind: 'ecl', ecl: unescaped(what.slice(4)) } : undefined;
}

/** `http://snomed.info/sct` is any edition; with a module, and a version behind it, it is that one. */
export function isEdition(uri: string, release: SnomedRelease | undefined): boolean {
  return uri === SNOMED_SYSTEM || release?.version === uri || release?.version.startsWith(`${uri}/version/`) === true;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refsetConcepts(release: SnomedRelease): MemberSet {
  const flags = new Uint8Array(release.size);
  for (const code of release.refsetCodes()) {
    const position = release.find(code);
    if (position !== undefined) flags[position] = 1;
  }
  return { listed: new Map(), flags, gaps: [] };
}

function expansionSet(resource: JsonObject): MemberSet {
  const members: { system: string; code: string }[] = [];
  const read = (contains: unknown): void => {
    for (const { object } of objectsOf(contains)) {
      const [system, code, display] = [textIn(object, 'system'), textIn(object, 'code'), textIn(object, 'display')];
      if (system !== undefined && code !== undefined && object['abstract'] !== true) {
        members.push({ system, code, ...(display !== undefined && { display }) });
      }
      read(object['contains']);
    }
  };
  const expansion = asObject(resource['expansion']);
  read(expansion?.['contains']);
  const total = expansion?.['total'];
  const whole = expansion !== undefined && (typeof total !== 'number' || total <= members.length);
  return { ...listedSet(members), gaps: whole ? [] : ['Its expansion is not whole.'] };
}
