import { checkCode } from './check-code.ts';
import { tokenOf } from './concept-map.ts';
import { asObject, type JsonObject, objectsOf, type Tell, textIn } from './resource-flaw.ts';

/** What is loaded of a value set. */
export interface ValueSetMembers {
  /** `system|code` */
  readonly members: ReadonlySet<string>;
  /** False when there are members that cannot be listed from what is loaded: then a code that is not here may still belong. */
  readonly complete: boolean;
}

/** Codes of the code systems whose content is complete, by system. */
type CompleteSystems = ReadonlyMap<string, readonly string[]>;

/** Reads a FHIR R4 ValueSet: an expansion when it has one, else the codes and whole systems that it includes and excludes. */
export function readValueSet(resource: JsonObject, systems: CompleteSystems, tell: Tell): ValueSetMembers {
  const expansion = asObject(resource['expansion']);
  if (expansion !== undefined) return readExpansion(expansion, tell);
  const compose = asObject(resource['compose']);
  const included = readParts(compose?.['include'], '/compose/include', systems, tell);
  const excluded = readParts(compose?.['exclude'], '/compose/exclude', systems, tell);
  // With unknown exclusions even a listed code may be out.
  const members = new Set(
    excluded.complete ? [...included.members].filter((token) => !excluded.members.has(token)) : [],
  );
  return { members, complete: included.complete && excluded.complete };
}

/** Reads a FHIR R4 CodeSystem's own codes, with everything nested below them; undefined unless its content is complete. */
export function readCodeSystem(
  resource: JsonObject,
  tell: Tell,
): { system: string; codes: readonly string[] } | undefined {
  const system = textIn(resource, textIn(resource, 'content') === 'supplement' ? 'supplements' : 'url');
  if (system === undefined) return undefined;
  const codes: string[] = [];
  const read = (concepts: unknown, at: string): void => {
    for (const { object: concept, index } of objectsOf(concepts)) {
      const { code } = concept;
      const here = `${at}/${index}`;
      if (!checkCode(system, code, `${here}/code`, tell)) continue;
      if (codes.includes(code))
        tell(`${here}/code`, { ...TWICE, message: 'This code stands twice in the code system.' });
      codes.push(code);
      read(concept['concept'], `${here}/concept`);
    }
  };
  read(resource['concept'], '/concept');
  return textIn(resource, 'content') === 'complete' ? { system, codes } : undefined;
}

const TWICE = { rule: 'terminology/duplicate', remedy: 'Keep one of the two.', issue: 'duplicate' } as const;

function readExpansion(expansion: JsonObject, tell: Tell): ValueSetMembers {
  const members = new Set<string>();
  const read = (contains: unknown, at: string): void => {
    for (const { object, index } of objectsOf(contains)) {
      const system = textIn(object, 'system') ?? '';
      const { code } = object;
      const here = `${at}/${index}`;
      if (object['abstract'] !== true && checkCode(system, code, `${here}/code`, tell))
        members.add(tokenOf(system, code));
      read(object['contains'], `${here}/contains`);
    }
  };
  read(expansion['contains'], '/expansion/contains');
  const { total } = expansion;
  return { members, complete: typeof total !== 'number' || total <= members.size };
}

function readParts(parts: unknown, at: string, systems: CompleteSystems, tell: Tell): ValueSetMembers {
  const members = new Set<string>();
  let complete = true;
  for (const { object: part, index } of objectsOf(parts)) {
    const read = readPart(part, `${at}/${index}`, systems, tell);
    complete &&= read.complete;
    for (const token of read.members) {
      if (members.has(token)) tell(`${at}/${index}`, { ...TWICE, message: 'A code stands twice in the value set.' });
      members.add(token);
    }
  }
  return { members, complete };
}

function readPart(part: JsonObject, at: string, systems: CompleteSystems, tell: Tell): ValueSetMembers {
  const system = textIn(part, 'system');
  const concepts = objectsOf(part['concept']);
  const narrowed = part['filter'] !== undefined || part['valueSet'] !== undefined;
  if (system === undefined || (concepts.length === 0 && narrowed)) return { members: new Set(), complete: false };
  if (concepts.length === 0) {
    const whole = systems.get(system);
    return { members: new Set((whole ?? []).map((code) => tokenOf(system, code))), complete: whole !== undefined };
  }
  const members = new Set<string>();
  for (const { object: concept, index } of concepts) {
    const { code } = concept;
    const here = `${at}/concept/${index}/code`;
    if (!checkCode(system, code, here, tell)) continue;
    const token = tokenOf(system, code);
    if (members.has(token)) tell(here, { ...TWICE, message: 'This code stands twice in the value set.' });
    members.add(token);
  }
  return { members, complete: !narrowed };
}
