import type { Finding } from '../finding.ts';
import { tokenOf } from './concept-map.ts';
import { type JsonObject, objectsOf, type Tell, type TerminologyFile, tellInto, textIn } from './resource-flaw.ts';

/** A resource with where it came from. */
export interface Filed {
  readonly file: TerminologyFile;
  readonly resource: JsonObject;
}

interface Known {
  knows(system: string, code: string): boolean;
}

interface Entry {
  readonly source: string;
  readonly target: string;
  readonly code: string;
  readonly element: JsonObject;
  readonly at: string;
}

/** Maps that point at nothing, and two maps that take one code of one system to different codes of another. */
export function mapFindings(all: readonly Filed[], known: Known): Finding[] {
  const found: Finding[] = [];
  const maps = all.filter(({ resource }) => resource['resourceType'] === 'ConceptMap');
  const sets = new Set(all.flatMap(({ resource }) => (isSet(resource) ? (textIn(resource, 'url') ?? []) : [])));
  const seen = new Map<string, { readonly file: string; readonly said: string }>();
  for (const { file, resource } of maps) {
    const tell = tellInto(found, file.file);
    for (const element of ['sourceUri', 'sourceCanonical', 'targetUri', 'targetCanonical']) {
      const url = textIn(resource, element);
      if (url !== undefined && !sets.has(url)) tell(`/${element}`, NO_SET);
    }
    for (const entry of entriesOf(resource)) {
      if (file.partner === undefined) disagreement(entry, file.file, seen, tell);
      pointsAtNothing(entry, { known, certain: file.partner === undefined }, tell);
    }
  }
  return found;
}

function isSet(resource: JsonObject): boolean {
  return resource['resourceType'] === 'ValueSet';
}

const NO_SET = {
  rule: 'terminology/unknown-value-set',
  message: 'A value set of this url is not there.',
  remedy: 'Add it, or mend the url.',
  issue: 'not-found',
} as const;

function entriesOf(resource: JsonObject): Entry[] {
  return objectsOf(resource['group']).flatMap(({ object: group, index }) =>
    objectsOf(group['element']).flatMap(({ object: element, index: at }) => {
      const [source, target, code] = [textIn(group, 'source'), textIn(group, 'target'), textIn(element, 'code')];
      if (source === undefined || code === undefined) return [];
      return [{ source, target: target ?? '', code, element, at: `/group/${index}/element/${at}` }];
    }),
  );
}

function disagreement(
  { source, target, code, element, at }: Entry,
  file: string,
  seen: Map<string, { readonly file: string; readonly said: string }>,
  tell: Tell,
): void {
  const key = JSON.stringify([source, target, code]);
  const said = JSON.stringify(
    objectsOf(element['target']).map(({ object }) => [object['code'] ?? null, object['equivalence']]),
  );
  const other = seen.get(key);
  if (other === undefined) seen.set(key, { file, said });
  // Twice in one file is found when it is read.
  else if (other.file !== file && other.said !== said) {
    tell(at, {
      rule: 'terminology/maps-disagree',
      message: `The map in ${other.file} takes this code to another code of the same system.`,
      remedy: 'Keep one of the two, or give one of them a target system of its own.',
      issue: 'conflict',
    });
  }
}

/** @param certain whether the codes that a map may come from are all listed here: a partner’s own codes are nowhere */
function pointsAtNothing(
  { source, target, code, element, at }: Entry,
  { known, certain }: { known: Known; certain: boolean },
  tell: Tell,
): void {
  if (certain && !known.knows(source, code)) tell(`${at}/code`, unknown(tokenOf(source, code)));
  for (const { object, index } of objectsOf(element['target'])) {
    const to = textIn(object, 'code');
    if (to !== undefined && !known.knows(target, to)) tell(`${at}/target/${index}/code`, unknown(tokenOf(target, to)));
  }
}

function unknown(token: string) {
  return {
    rule: 'terminology/unknown-code',
    message: `No code system or supplement here describes ${token}: the map points at nothing, or from nothing.`,
    remedy: 'Mend the code, or add it to a code system or supplement with its display and its source.',
    issue: 'code-invalid',
  } as const;
}
