import type { Finding } from '../finding.ts';
import { buildTerminology } from './build-terminology.ts';
import { type Filed, mapFindings } from './check-maps.ts';
import { tokenOf } from './concept-map.ts';
import { systemOf } from './known-codes.ts';
import { asObject, type JsonObject, objectsOf, type TerminologyFile, tellInto, textIn } from './resource-flaw.ts';

/** One file and what it holds, for people. */
export interface Held {
  readonly file: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  /** Codes that it lists; of a concept map, those that it translates. */
  readonly codes: number;
  /** Codes that it says have no counterpart. */
  readonly unmatched: number;
}

interface Checked {
  readonly held: readonly Held[];
  /** Different codes, by system and code, in everything that was read. */
  readonly codes: number;
  readonly maps: number;
  readonly findings: readonly Finding[];
}

/**
 * Everything that is wrong with a terminology directory: what `buildTerminology` finds (identifiers, duplicates), maps and
 * value sets that point at nothing, two maps that disagree, and files without source, date or licence.
 */
export function checkTerminology(files: readonly TerminologyFile[]): Checked {
  const built = buildTerminology(files);
  const all = files.flatMap((file): Filed[] => {
    const resource = parsed(file.text);
    return resource === undefined || resource['resourceType'] === undefined ? [] : [{ file, resource }];
  });
  const findings = [
    ...built.findings,
    ...all.flatMap(originFindings),
    ...mapFindings(all, built.terminology.codes),
    ...setFindings(all, built.terminology.codes),
  ];
  const tokens = new Set(all.flatMap(({ resource }) => tokensOf(resource)));
  const maps = all.filter(({ resource }) => resource['resourceType'] === 'ConceptMap').length;
  return { held: all.map(heldIn), codes: tokens.size, maps, findings };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return asObject(value);
  } catch {
    return undefined;
  }
}

const ORIGIN = ['description', 'date', 'copyright'] as const;

function originFindings({ file, resource }: Filed): Finding[] {
  const found: Finding[] = [];
  const tell = tellInto(found, file.file);
  for (const element of ORIGIN) {
    if (textIn(resource, element) !== undefined) continue;
    tell(`/${element}`, {
      rule: 'terminology/origin',
      message: 'The file does not say where its codes are from, from when, or under which licence.',
      remedy: `Add ${element}.`,
      issue: 'required',
    });
  }
  return found;
}

/** Value sets that name others, or codes that nothing describes. */
function setFindings(all: readonly Filed[], codes: { knows(system: string, code: string): boolean }): Finding[] {
  const found: Finding[] = [];
  const sets = all.filter(({ resource }) => resource['resourceType'] === 'ValueSet');
  const urls = new Set(sets.flatMap(({ resource }) => textIn(resource, 'url') ?? []));
  for (const { file, resource } of sets) {
    const tell = tellInto(found, file.file);
    for (const { object: part, index } of objectsOf(asObject(resource['compose'])?.['include'])) {
      const named: readonly unknown[] = Array.isArray(part['valueSet']) ? part['valueSet'] : [];
      if (named.some((url) => typeof url !== 'string' || !urls.has(url))) {
        tell(`/compose/include/${index}/valueSet`, {
          rule: 'terminology/unknown-value-set',
          message: 'A value set of this url is not there.',
          remedy: 'Add it, or mend the url.',
          issue: 'not-found',
        });
      }
      const system = textIn(part, 'system') ?? '';
      for (const { object, index: at } of objectsOf(part['concept'])) {
        const code = textIn(object, 'code');
        if (code === undefined || codes.knows(system, code)) continue;
        tell(`/compose/include/${index}/concept/${at}/code`, {
          rule: 'terminology/unknown-code',
          message: 'No code system or supplement here describes this code.',
          remedy: 'Add it to a supplement, with its display and its source, or mend the code.',
          issue: 'code-invalid',
        });
      }
    }
  }
  return found;
}

/* ------------------------------------------------------------------ counting */

function heldIn({ file, resource }: Filed): Held {
  const elements = elementsOf(resource);
  const unmatched = elements.filter(({ object }) =>
    objectsOf(object['target']).some((target) => target.object['equivalence'] === 'unmatched'),
  ).length;
  const type = textIn(resource, 'resourceType') ?? '';
  return {
    file: file.file,
    type,
    name: textIn(resource, 'id') ?? '',
    version: textIn(resource, 'version') ?? '',
    codes: type === 'ConceptMap' ? elements.length - unmatched : tokensOf(resource).length,
    unmatched,
  };
}

function elementsOf(resource: JsonObject) {
  return objectsOf(resource['group']).flatMap(({ object }) => objectsOf(object['element']));
}

function tokensOf(resource: JsonObject): string[] {
  const tokens = (system: string | undefined, listed: unknown): string[] =>
    objectsOf(listed).flatMap(({ object }) => {
      const code = textIn(object, 'code');
      const beneath = tokens(system, object['concept']);
      return code === undefined || system === undefined ? beneath : [tokenOf(system, code), ...beneath];
    });
  switch (resource['resourceType']) {
    case 'CodeSystem':
      return tokens(systemOf(resource), resource['concept']);
    case 'ValueSet':
      return objectsOf(asObject(resource['compose'])?.['include']).flatMap(({ object }) =>
        tokens(textIn(object, 'system'), object['concept']),
      );
    default:
      return objectsOf(resource['group']).flatMap(({ object: group }) => [
        ...tokens(textIn(group, 'source'), group['element']),
        ...objectsOf(group['element']).flatMap(({ object }) => tokens(textIn(group, 'target'), object['target'])),
      ]);
  }
}
