import { isMap, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { Finding } from '../finding.ts';
import { asFindings, type Flaw } from './mapping-findings.ts';
import {
  checkKeys,
  type Entry,
  entriesOf,
  readFrom,
  readMaps,
  readName,
  readOrder,
  readRequire,
  readTo,
  readVersion,
} from './read-header.ts';
import { type Reading, readTemplate, readVariables } from './read-template.ts';
import type { MappingSource } from './template.ts';

const KEYS = ['mapping', 'version', 'from', 'to', 'order', 'maps', 'require', 'let', 'result'];
const NEEDED = ['mapping', 'version', 'from', 'to', 'result'];

interface ParsedMapping {
  /** Absent when a finding forbids compiling it. */
  readonly source?: MappingSource;
  readonly findings: readonly Finding[];
}

/**
 * Reads a mapping file (YAML 1.2). Never throws: everything wrong is a finding with file, line and column.
 * Expressions are not looked into here; `compileMapping` does that.
 * @param file path of the file as people know it, ending in `<mapping name>.map.yaml`
 */
export function parseMapping(text: string, file: string): ParsedMapping {
  const flaws: Flaw[] = [];
  const reading: Reading = { text, report: (flaw) => flaws.push(flaw) };
  const root = readYaml(reading);
  const source = root === undefined ? undefined : readSource(root, file, reading);
  const findings = asFindings(flaws, file, text);
  return flaws.some((flaw) => flaw.severity === undefined || flaw.severity === 'error') || source === undefined
    ? { findings }
    : { source, findings };
}

function readYaml(reading: Reading): YAMLMap | undefined {
  const { text, report } = reading;
  try {
    // Keys are checked here and not by the library, because {% if %} and {% else %} may stand several times in one object.
    const document = parseDocument(text, {
      lineCounter: new LineCounter(),
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
    });
    for (const { code, pos } of [...document.errors, ...document.warnings]) {
      report({
        offset: pos[0],
        rule: 'mapping/yaml',
        message: `The file is not valid YAML here (${code.toLowerCase().replaceAll('_', ' ')}).`,
        remedy:
          'Put texts that hold {, [, :, # or % in quotes, and check the indentation and the lines before this place.',
        issue: 'structure',
      });
    }
    if (document.errors.length > 0) return undefined;
    if (isMap(document.contents)) return document.contents;
  } catch {
    // Too many levels: the library gives up with an exception.
  }
  report({
    offset: 0,
    rule: 'mapping/yaml',
    message: 'The file does not hold a mapping.',
    remedy: `Begin with the keys ${NEEDED.join(', ')}.`,
    issue: 'structure',
  });
  return undefined;
}

function readSource(root: YAMLMap, file: string, reading: Reading): MappingSource {
  const entries = entriesOf(root);
  checkKeys(entries, KEYS, reading);
  const node = (key: string): unknown => entries.find((entry) => entry.key === key)?.node;
  const has = (key: string): boolean => entries.some((entry) => entry.key === key);
  reportMissing(has, reading);
  const order = has('order') ? readOrder(node('order'), reading) : undefined;
  const source: MappingSource = {
    file,
    text: reading.text,
    name: has('mapping') ? readName(node('mapping'), file, reading) : '',
    version: has('version') ? readVersion(node('version'), reading) : 0,
    from: has('from') ? readFrom(node('from'), reading) : 'json',
    to: has('to') ? readTo(node('to'), reading) : 'json',
    ...(order !== undefined && { order }),
    maps: has('maps') ? readMaps(node('maps'), reading) : [],
    require: has('require') ? readRequire(node('require'), reading) : [],
    variables: has('let') ? readVariables(node('let'), reading) : [],
    result: readTemplate(node('result'), reading),
  };
  if (has('from') && has('to')) checkDirection(source, entries, reading);
  return source;
}

function reportMissing(has: (key: string) => boolean, { report }: Reading): void {
  for (const key of NEEDED.filter((needed) => !has(needed))) {
    report({
      offset: 0,
      rule: 'mapping/missing-key',
      message: `The key "${key}" is missing.`,
      remedy: `Add ${key}: at the top of the file.`,
      issue: 'required',
    });
  }
}

/** A mapping goes out (dossier to JSON) or in (JSON to report); only one that comes in has an order key. */
function checkDirection(source: MappingSource, entries: readonly Entry[], { report }: Reading): void {
  const offsetFor = (key: string): number => entries.find((entry) => entry.key === key)?.keyOffset ?? 0;
  const inward = source.from === 'json';
  if (inward !== (source.to === 'fhir/report')) {
    report({
      offset: offsetFor('to'),
      rule: 'mapping/direction',
      message: 'There is no road from this kind of input to this kind of result.',
      remedy: 'Write from: fhir/referral with to: json (outward), or from: json with to: fhir/report (inward).',
    });
  }
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
