import type { CodeSystem, ConceptMap, ValueSet } from 'fhir/r4.js';
import { isResourceType } from '../../referral.ts';
import { asObject, type JsonObject, type TerminologyFile, textIn } from '../resource-flaw.ts';

interface Readable {
  readonly type: 'CodeSystem' | 'ValueSet' | 'ConceptMap';
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly resource: CodeSystem | ValueSet | ConceptMap;
}

/** The terminology resources that can be read by id and found by url. */
export function readableResources(resources: readonly JsonObject[]): Readable[] {
  return resources.flatMap((one) => {
    const [id, url, resource] = [textIn(one, 'id'), textIn(one, 'url'), terminologyResource(one)];
    if (id === undefined || url === undefined || resource === undefined) return [];
    return [{ type: resource.resourceType, id, url, name: textIn(one, 'name') ?? id, resource }];
  });
}

/** The resources of terminology files; what is wrong with a file is `buildTerminology`'s to say. */
export function parsedResources(files: readonly TerminologyFile[]): JsonObject[] {
  return files.flatMap(({ text }) => {
    const read = parsed(text);
    return read === undefined ? [] : [read];
  });
}

function parsed(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function terminologyResource(one: unknown): CodeSystem | ValueSet | ConceptMap | undefined {
  if (isResourceType(one, 'CodeSystem')) return one;
  if (isResourceType(one, 'ValueSet')) return one;
  return isResourceType(one, 'ConceptMap') ? one : undefined;
}
