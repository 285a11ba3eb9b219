import { checkCode } from './check-code.ts';
import { type JsonObject, objectsOf, type Tell, textIn } from './resource-flaw.ts';
import type { Translation } from './terminology.ts';

/** Translations by `system|code`. */
export type ConceptMapTable = ReadonlyMap<string, Translation>;

export function tokenOf(system: string, code: string): string {
  return `${system}|${code}`;
}

/** Targets of these equivalences say that there is no counterpart. */
const NO_COUNTERPART = new Set(['unmatched', 'disjoint']);
/** ConceptMapEquivalence of R4 (http://hl7.org/fhir/R4/valueset-concept-map-equivalence.html). */
export const TARGET_EQUIVALENCES: readonly string[] = [
  'relatedto',
  'equivalent',
  'equal',
  'wider',
  'subsumes',
  'narrower',
  'specializes',
  'inexact',
];
const EQUIVALENCES = new Set([...TARGET_EQUIVALENCES, ...NO_COUNTERPART]);

/** Reads a FHIR R4 ConceptMap. Every code has one translation or a written-down absence; nothing is chosen among several. */
export function readConceptMap(resource: JsonObject, tell: Tell): ConceptMapTable {
  const table = new Map<string, Translation>();
  for (const { object: group, index } of objectsOf(resource['group'])) readGroup(group, `/group/${index}`, table, tell);
  const [url, version] = [textIn(resource, 'url'), textIn(resource, 'version')];
  if (url === undefined) return table;
  const map = { url, ...(version !== undefined && { version }) };
  return new Map([...table].map(([token, one]) => [token, one.kind === 'unknown' ? one : { ...one, map }]));
}

function readGroup(group: JsonObject, at: string, table: Map<string, Translation>, tell: Tell): void {
  const source = textIn(group, 'source');
  const target = textIn(group, 'target');
  if (source === undefined) {
    tell(`${at}/source`, {
      rule: 'terminology/system',
      message: 'The group does not say which code system its codes are of.',
      remedy: 'Add source with the system’s URI.',
      issue: 'required',
    });
    return;
  }
  if (group['unmapped'] !== undefined) {
    tell(`${at}/unmapped`, {
      rule: 'terminology/no-default',
      message: 'A map gives no default for codes that it does not know: a person decides about them.',
      remedy: 'Remove unmapped; write codes without a counterpart down one by one as unmatched.',
      issue: 'not-supported',
    });
  }
  for (const { object: element, index } of objectsOf(group['element'])) {
    const here = `${at}/element/${index}`;
    const { code } = element;
    if (!checkCode(source, code, `${here}/code`, tell)) continue;
    const translation = readTargets(element, target, here, tell);
    if (translation !== undefined) addTranslation({ token: tokenOf(source, code), translation, at: here }, table, tell);
  }
}

function addTranslation(
  { token, translation, at }: { token: string; translation: Translation; at: string },
  table: Map<string, Translation>,
  tell: Tell,
): void {
  const known = table.get(token);
  if (known === undefined) {
    table.set(token, translation);
    return;
  }
  const same = JSON.stringify(known) === JSON.stringify(translation);
  tell(at, {
    rule: same ? 'terminology/duplicate' : 'terminology/disagreement',
    message: same ? 'This code is mapped twice.' : 'This code is mapped twice, and differently.',
    remedy: 'Keep one of the two.',
    issue: same ? 'duplicate' : 'conflict',
  });
}

function readTargets(element: JsonObject, system: string | undefined, at: string, tell: Tell): Translation | undefined {
  const targets = objectsOf(element['target']);
  const [first] = targets;
  if (first === undefined || targets.length > 1) {
    tell(`${at}/target`, {
      rule: targets.length > 1 ? 'terminology/several-targets' : 'terminology/no-target',
      message:
        targets.length > 1 ? 'This code has several targets, and none is chosen for you.' : 'This code has no target.',
      remedy:
        targets.length > 1
          ? 'Keep the one that is meant.'
          : 'Add a target, or one with equivalence unmatched and a comment.',
      issue: 'business-rule',
    });
    return undefined;
  }
  return readTarget(first.object, system, `${at}/target/0`, tell);
}

function readTarget(target: JsonObject, system: string | undefined, at: string, tell: Tell): Translation | undefined {
  const equivalence = textIn(target, 'equivalence');
  const comment = textIn(target, 'comment');
  if (equivalence === undefined || !EQUIVALENCES.has(equivalence)) {
    tell(`${at}/equivalence`, {
      rule: 'terminology/equivalence',
      message: 'It is not said how the two codes relate.',
      remedy: `Add equivalence: ${[...EQUIVALENCES].join(', ')}.`,
      issue: 'required',
    });
    return undefined;
  }
  if (NO_COUNTERPART.has(equivalence)) return { kind: 'unmatched', ...(comment !== undefined && { comment }) };
  if (system === undefined) {
    tell(at, {
      rule: 'terminology/system',
      message: 'The group does not say which code system the target is of.',
      remedy: 'Add target with the system’s URI to the group.',
      issue: 'required',
    });
    return undefined;
  }
  const { code } = target;
  if (!checkCode(system, code, `${at}/code`, tell)) return undefined;
  const display = textIn(target, 'display');
  return { kind: 'match', system, code, ...(display !== undefined && { display }), equivalence };
}
