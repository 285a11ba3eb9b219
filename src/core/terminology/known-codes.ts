import { SNOMED_SYSTEM } from '../referral.ts';
import { tokenOf } from './concept-map.ts';
import { type JsonObject, objectsOf, textIn } from './resource-flaw.ts';

/** The codes that CodeSystem resources list, whole systems and supplements alike, with every display that they give. */
export interface KnownCodes {
  /** `system|code` */
  readonly displays: ReadonlyMap<string, readonly string[]>;
  /** SNOMED CT concepts among them, in ascending order. */
  readonly concepts: readonly string[];
}

export function readKnownCodes(codeSystems: readonly JsonObject[]): KnownCodes {
  const displays = new Map<string, readonly string[]>();
  const concepts = new Set<string>();
  const read = (system: string, listed: unknown): void => {
    for (const { object } of objectsOf(listed)) {
      const code = textIn(object, 'code');
      if (code !== undefined) {
        const token = tokenOf(system, code);
        displays.set(token, [...new Set([...(displays.get(token) ?? []), ...displaysOf(object)])]);
        if (system === SNOMED_SYSTEM) concepts.add(code);
      }
      read(system, object['concept']);
    }
  };
  for (const resource of codeSystems) {
    const system = systemOf(resource);
    if (system !== undefined) read(system, resource['concept']);
  }
  return { displays, concepts: [...concepts].sort() };
}

/** A supplement adds to another system; everything else is one of its own. */
export function systemOf(codeSystem: JsonObject): string | undefined {
  return textIn(codeSystem, textIn(codeSystem, 'content') === 'supplement' ? 'supplements' : 'url');
}

function displaysOf(concept: JsonObject): string[] {
  const designations = objectsOf(concept['designation']).map(({ object }) => textIn(object, 'value'));
  return [textIn(concept, 'display'), ...designations].flatMap((one) => one ?? []);
}
