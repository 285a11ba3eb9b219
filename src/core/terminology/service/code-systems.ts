import { systemOf } from '../known-codes.ts';
import { type JsonObject, objectsOf, textIn } from '../resource-flaw.ts';

export interface ListedConcept {
  readonly code: string;
  readonly display?: string;
  readonly definition?: string;
  readonly designations: readonly string[];
  readonly parents: readonly string[];
}

export interface ListedSystem {
  readonly name: string;
  readonly version?: string;
  /** False for fragments and supplements: a code that is not listed may exist. */
  complete: boolean;
  readonly concepts: Map<string, ListedConcept>;
}

/** The code systems of the terminology directory by system, supplements with what they add to. */
export function listedSystems(resources: readonly JsonObject[]): ReadonlyMap<string, ListedSystem> {
  const systems = new Map<string, ListedSystem>();
  for (const resource of resources) {
    const system = textIn(resource, 'resourceType') === 'CodeSystem' ? systemOf(resource) : undefined;
    if (system === undefined) continue;
    const version = textIn(resource, 'version');
    const known = systems.get(system) ?? {
      name: textIn(resource, 'title') ?? textIn(resource, 'name') ?? system,
      ...(version !== undefined && { version }),
      complete: false,
      concepts: new Map<string, ListedConcept>(),
    };
    known.complete ||= textIn(resource, 'content') === 'complete';
    addConcepts(known.concepts, resource['concept'], []);
    systems.set(system, known);
  }
  return systems;
}

function addConcepts(all: Map<string, ListedConcept>, listed: unknown, parents: readonly string[]): void {
  for (const { object } of objectsOf(listed)) {
    const code = textIn(object, 'code');
    if (code === undefined) continue;
    const display = textIn(object, 'display');
    const definition = textIn(object, 'definition');
    const designations = objectsOf(object['designation']).flatMap(({ object: one }) => textIn(one, 'value') ?? []);
    all.set(code, {
      code,
      ...(display !== undefined && { display }),
      ...(definition !== undefined && { definition }),
      designations,
      parents,
    });
    addConcepts(all, object['concept'], [code]);
  }
}

/** Whether one code is the other or stands above it, by how they are nested. */
export function standsAbove(system: ListedSystem, above: string, below: string): boolean {
  if (above === below) return true;
  return (system.concepts.get(below)?.parents ?? []).some((parent) => standsAbove(system, above, parent));
}
