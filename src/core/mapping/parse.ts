import type { YAMLMap } from 'yaml';
import type { Finding } from '../finding.ts';
import { isInward, roadsFrom } from './direction.ts';
import { asFindings, type Flaw } from './mapping-findings.ts';
import { readBased } from './read-base.ts';
import { type FindBeside, fragmentDesk } from './read-fragment.ts';
import {
  checkKeys,
  type Entry,
  entriesOf,
  HEADER_KEYS,
  NEEDED_KEYS,
  readFrom,
  readMaps,
  readName,
  readOrder,
  readRequire,
  readTo,
  readVersion,
} from './read-header.ts';
import { readDiscloses, readFunctions, readSchema } from './read-header-lists.ts';
import { type Reading, readTemplate, readVariables } from './read-template.ts';
import { readYamlKeys } from './read-yaml.ts';
import type { MappingSource } from './template.ts';

interface ParsedMapping {
  /** Absent when a finding forbids compiling it. */
  readonly source?: MappingSource;
  readonly findings: readonly Finding[];
}

/** A directory in which nothing stands beside the mapping. */
const NOTHING_BESIDE: FindBeside = () => undefined;

/**
 * Reads a mapping file (YAML 1.2) and the fragments that it includes. Never throws: everything wrong is a finding with
 * file, line and column. Expressions are not looked into here; `compileMapping` does that.
 * @param file path of the file as people know it, ending in `<mapping name>.map.yaml`
 * @param find finds fragments and schemas by their path below the mappings directory
 */
export function parseMapping(text: string, file: string, find: FindBeside = NOTHING_BESIDE): ParsedMapping {
  const flaws: Flaw[] = [];
  const report = (flaw: Flaw): number => flaws.push(flaw);
  const desk = fragmentDesk(text, find, report);
  const reading: Reading = { text, report, fragment: desk.fragment };
  const root = readYamlKeys(text, NEEDED_KEYS, report);
  const whole = (map: YAMLMap, of: string, how: Reading) => readSource(map, of, { reading: how, find });
  const entries = root === undefined ? [] : entriesOf(root);
  const isBased = entries.some(({ key }) => key === 'base');
  const read = isBased
    ? readBased(entries, { file, reading, find, open: desk.open, readWhole: whole })
    : root && whole(root, file, reading);
  const source = read && { ...read, parts: desk.parts() };
  const findings = asFindings(flaws, { file, text, parts: desk.parts() });
  return flaws.some((flaw) => flaw.severity === undefined || flaw.severity === 'error') || source === undefined
    ? { findings }
    : { source, findings };
}

function readSource(
  root: YAMLMap,
  file: string,
  { reading, find }: { readonly reading: Reading; readonly find: FindBeside },
): MappingSource {
  const entries = entriesOf(root);
  checkKeys(
    entries,
    HEADER_KEYS.filter((key) => key !== 'base'),
    reading,
  );
  const node = (key: string): unknown => entries.find((entry) => entry.key === key)?.node;
  const has = (key: string): boolean => entries.some((entry) => entry.key === key);
  reportMissing(has, reading);
  const name = has('mapping') ? readName(node('mapping'), file, reading) : '';
  const order = has('order') ? readOrder(node('order'), reading) : undefined;
  const schema = has('schema') ? readSchema(node('schema'), { name, find }, reading) : undefined;
  const source: MappingSource = {
    file,
    text: reading.text,
    parts: [],
    name,
    version: has('version') ? readVersion(node('version'), reading) : 0,
    from: has('from') ? readFrom(node('from'), reading) : 'json',
    to: has('to') ? readTo(node('to'), reading) : 'json',
    ...(order !== undefined && { order }),
    maps: has('maps') ? readMaps(node('maps'), reading) : [],
    require: has('require') ? readRequire(node('require'), reading) : [],
    ...(has('discloses') && { discloses: readDiscloses(node('discloses'), reading) }),
    functions: has('functions') ? readFunctions(node('functions'), reading) : [],
    ...(schema !== undefined && { schema }),
    variables: has('let') ? readVariables(node('let'), reading) : [],
    result: readTemplate(node('result'), reading),
  };
  if (has('from') && has('to')) checkDirection(source, entries, reading);
  return source;
}

function reportMissing(has: (key: string) => boolean, { report }: Reading): void {
  for (const key of NEEDED_KEYS.filter((needed) => !has(needed))) {
    report({
      offset: 0,
      rule: 'mapping/missing-key',
      message: `The key "${key}" is missing.`,
      remedy: `Add ${key}: at the top of the file.`,
      issue: 'required',
    });
  }
}

/** A mapping goes out (it reads the dossier) or comes in; only one that comes in has an order key. */
function checkDirection(source: MappingSource, entries: readonly Entry[], { report }: Reading): void {
  const offsetFor = (key: string): number => entries.find((entry) => entry.key === key)?.keyOffset ?? 0;
  const roads = roadsFrom(source.from);
  if (!roads.includes(source.to)) {
    report({
      offset: offsetFor('to'),
      rule: 'mapping/direction',
      message: 'There is no road from this kind of input to this kind of result.',
      remedy: `From ${source.from} write to: ${roads.join(', ')}.`,
    });
  }
  const inward = isInward(source.from);
  if (inward === entries.some(({ key }) => key === 'order')) return;
  report({
    offset: offsetFor(inward ? 'from' : 'order'),
    rule: 'mapping/order',
    message: inward
      ? 'It is not said which element names the referral, so its messages could not be kept in order.'
      : 'An outward mapping has no order key: its referral is known.',
    remedy: inward ? 'Add order: "{{ expr }}".' : 'Remove order.',
    issue: inward ? 'required' : 'value',
  });
}
