import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { CONSTANTS } from './constants.ts';
import { MAPPING_FROM, MAPPING_TO, type MappingFrom, type MappingTo } from './direction.ts';
import { suggest } from './mapping-findings.ts';
import { offsetOf, type Reading, readTemplate } from './read-template.ts';
import type { Expression, MapUse, NoMatch, RequiredPath } from './template.ts';

/** What may stand at the top of a mapping file, in the order in which people write it. */
export const HEADER_KEYS: readonly string[] = [
  'mapping',
  'version',
  'base',
  'from',
  'to',
  'schema',
  'order',
  'maps',
  'functions',
  'discloses',
  'require',
  'let',
  'result',
];
export const NEEDED_KEYS: readonly string[] = ['mapping', 'version', 'from', 'to', 'result'];
export const NO_MATCH: readonly NoMatch[] = ['hold', 'fail', 'omit', 'text'];
export const MAP_KEYS: readonly string[] = ['system', 'onNoMatch', 'covers'];

/** A key of a section of the file: where it stands and what stands under it. */
export interface Entry {
  readonly key: string;
  readonly keyOffset: number;
  readonly node: unknown;
}

export function entriesOf(map: YAMLMap): Entry[] {
  return map.items.map(({ key, value }) => ({
    key: isScalar(key) ? String(key.value) : '',
    keyOffset: offsetOf(key),
    node: value,
  }));
}

/** Says which keys are not known or stand twice. */
export function checkKeys(entries: readonly Entry[], known: readonly string[], reading: Reading): void {
  const seen = new Set<string>();
  for (const { key, keyOffset } of entries) {
    if (!known.includes(key)) {
      reading.report({
        offset: keyOffset,
        rule: 'mapping/unknown-key',
        message: 'This key means nothing here.',
        remedy: suggest(key, known, `There is: ${known.join(', ')}.`),
      });
    }
    if (seen.has(key)) {
      reading.report({
        offset: keyOffset,
        rule: 'mapping/duplicate-key',
        message: 'This key stands twice.',
        remedy: 'Remove one of the two.',
        issue: 'duplicate',
      });
    }
    seen.add(key);
  }
}

export function readName(node: unknown, file: string, reading: Reading): string {
  const name = textOf(node);
  if (name !== undefined && `/${file}`.endsWith(`/${name}.map.yaml`)) return name;
  reading.report({
    offset: offsetOf(node),
    rule: 'mapping/name',
    message: 'The name of a mapping is the path of its file below the mappings directory.',
    remedy: 'Write mapping: casework/referral in the file casework/referral.map.yaml.',
  });
  return name ?? '';
}

export function readVersion(node: unknown, reading: Reading): number {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  reading.report({
    offset: offsetOf(node),
    rule: 'mapping/version',
    message: 'The version is a whole number from 1 on.',
    remedy: 'Write version: 1 and count up with every change.',
  });
  return 0;
}

export function readFrom(node: unknown, reading: Reading): MappingFrom {
  return oneOf(node, MAPPING_FROM, reading) ?? 'json';
}

export function readTo(node: unknown, reading: Reading): MappingTo {
  return oneOf(node, MAPPING_TO, reading) ?? 'json';
}

export function readOrder(node: unknown, reading: Reading): Expression | undefined {
  const template = readTemplate(node, reading);
  if (template.kind === 'first') return template.expression;
  reading.report({
    offset: template.offset,
    rule: 'mapping/order',
    message: 'The order key is one expression.',
    remedy: 'Write order: "{{ expr }}" with the element that names the referral.',
  });
  return undefined;
}

export function readMaps(node: unknown, reading: Reading): MapUse[] {
  if (!isMap(node)) {
    reading.report({
      offset: offsetOf(node),
      rule: 'mapping/maps',
      message: 'This section names the concept maps that translate() uses.',
      remedy: 'Write needs-to-x: { system: snomed, onNoMatch: hold }.',
    });
    return [];
  }
  const entries = entriesOf(node);
  checkKeys(
    entries,
    entries.map(({ key }) => key),
    reading,
  );
  return entries.flatMap((entry) => readMapUse(entry, reading));
}

function readMapUse({ key, keyOffset, node }: Entry, reading: Reading): MapUse[] {
  const entries = isMap(node) ? entriesOf(node) : [];
  checkKeys(entries, MAP_KEYS, reading);
  const system = systemOf(
    entries.find((entry) => entry.key === 'system'),
    keyOffset,
    reading,
  );
  const policy = entries.find((entry) => entry.key === 'onNoMatch');
  if (policy === undefined) {
    reading.report({
      offset: keyOffset,
      rule: 'mapping/no-match',
      message: 'It is not said what happens to a code that has no counterpart.',
      remedy: 'Add onNoMatch: hold, fail, omit or text. There is no default.',
      issue: 'required',
    });
  }
  const onNoMatch = policy === undefined ? undefined : oneOf(policy.node, NO_MATCH, reading);
  if (system === undefined || onNoMatch === undefined) return [];
  const covers = coversOf(entries, reading);
  return [{ map: key, system, onNoMatch, ...(covers !== undefined && { covers }), offset: keyOffset }];
}

function coversOf(entries: readonly Entry[], reading: Reading): MapUse['covers'] {
  const entry = entries.find(({ key }) => key === 'covers');
  const name = textOf(entry?.node);
  if (entry === undefined) return undefined;
  if (name !== undefined) return { name, offset: offsetOf(entry.node) };
  reading.report({
    offset: entry.keyOffset,
    rule: 'mapping/covers',
    message: 'It is not said which value set the map must cover.',
    remedy: 'Write covers: with the id of a ValueSet of the terminology directory.',
  });
  return undefined;
}

/** A code system: the name of a predefined constant (`snomed`), or a URI. */
function systemOf(entry: Entry | undefined, keyOffset: number, reading: Reading): string | undefined {
  const written = textOf(entry?.node);
  const system =
    written === undefined
      ? undefined
      : (CONSTANTS.get(written) ?? (/^[a-z][a-z0-9+.-]*:\S+$/i.test(written) ? written : undefined));
  if (system !== undefined) return system;
  reading.report({
    offset: entry === undefined ? keyOffset : offsetOf(entry.node),
    rule: 'mapping/system',
    message: 'It is not said which code system the translated codes are of.',
    remedy: `Add system: with a URI or one of: ${[...CONSTANTS.keys()].join(', ')}.`,
    issue: 'required',
  });
  return undefined;
}

export function readRequire(node: unknown, reading: Reading): RequiredPath[] {
  const items: readonly unknown[] = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    const path = textOf(item);
    if (path !== undefined && /^[^.\s[\]]+(\.[^.\s[\]]+)*$/.test(path)) return [{ path, offset: offsetOf(item) }];
    reading.report({
      offset: offsetOf(item),
      rule: 'mapping/require',
      message: 'A required path is written with the names of the result joined by dots.',
      remedy: 'Write case.client.nhsNumber; lists are walked without an index.',
    });
    return [];
  });
}

export function textOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
}

export function oneOf<T extends string>(node: unknown, allowed: readonly T[], reading: Reading): T | undefined {
  const written = textOf(node);
  const found = allowed.find((value) => value === written);
  if (found === undefined) {
    reading.report({
      offset: offsetOf(node),
      rule: 'mapping/header-value',
      message: 'This value is none of those that may stand here.',
      remedy: suggest(written ?? '', allowed, ''),
    });
  }
  return found;
}
