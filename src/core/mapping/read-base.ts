import type { YAMLMap } from 'yaml';
import { type Report, suggest } from './mapping-findings.ts';
import type { FindBeside, OpenFile } from './read-fragment.ts';
import {
  checkKeys,
  type Entry,
  entriesOf,
  NEEDED_KEYS,
  readName,
  readOrder,
  readVersion,
  textOf,
} from './read-header.ts';
import { offsetOf, type Reading, readVariables } from './read-template.ts';
import { readYamlKeys } from './read-yaml.ts';
import { shiftExpression, shiftTemplate, shiftVariable } from './shift-template.ts';
import type { MappingSource, Variable } from './template.ts';

/** What may stand at the top of a mapping that has a base. Everything else is the base's. */
export const BASED_KEYS: readonly string[] = ['mapping', 'version', 'base', 'order', 'let'];

/** How the file of a mapping ends; what stands before it is its name. */
export const MAP_SUFFIX = '.map.yaml';

interface Given {
  /** The file of the mapping that has the base, as people know it. */
  readonly file: string;
  readonly reading: Reading;
  readonly find: FindBeside;
  readonly open: OpenFile;
  /** Reads a mapping that has no base itself. */
  readonly readWhole: (root: YAMLMap, file: string, reading: Reading) => MappingSource;
}

/**
 * Reads a mapping that is another one with some variables of its own: `base:` names the other, `let:` gives the variables
 * that are to be others, each in the place of the base's own of that name. A name that the base does not have is a flaw:
 * nothing would read it. Undefined when there is no base to be read.
 */
export function readBased(entries: readonly Entry[], given: Given): MappingSource | undefined {
  const { reading, file } = given;
  checkKeys(entries, BASED_KEYS, reading);
  const at = (key: string): Entry | undefined => entries.find((entry) => entry.key === key);
  for (const key of ['mapping', 'version'].filter((needed) => at(needed) === undefined)) reading.report(missing(key));
  const [named, version, order, own] = ['mapping', 'version', 'order', 'let'].map((key) => at(key)?.node);
  const name = named === undefined ? '' : readName(named, file, reading);
  const base = readBase(at('base')?.node, name, given);
  if (base === undefined) return undefined;
  if (order !== undefined && base.order === undefined) reading.report({ offset: offsetOf(order), ...OUTWARD });
  return {
    ...base,
    file,
    text: reading.text,
    name,
    version: version === undefined ? 0 : readVersion(version, reading),
    ...orderOf(order === undefined ? undefined : readOrder(order, reading)),
    variables: replaced(base.variables, own === undefined ? [] : readVariables(own, reading), reading.report),
  };
}

function orderOf(order: MappingSource['order']): Pick<MappingSource, 'order'> {
  return order === undefined ? {} : { order };
}

function readBase(node: unknown, name: string, { reading, find, open, readWhole }: Given): MappingSource | undefined {
  const wanted = textOf(node) ?? '';
  const found = find(`${wanted}${MAP_SUFFIX}`);
  if (found === undefined || wanted === name) {
    reading.report({ offset: offsetOf(node), ...NOT_FOUND });
    return undefined;
  }
  const { base, reading: inside } = open(found);
  const root = readYamlKeys(found.text, NEEDED_KEYS, inside.report);
  if (root === undefined) return undefined;
  if (entriesOf(root).some(({ key }) => key === 'base')) {
    reading.report({ offset: offsetOf(node), ...BASE_OF_BASE });
    return undefined;
  }
  const read = shiftSource(readWhole(root, found.file, inside), base);
  // A function is looked for beside the mapping that names it, and this one stands elsewhere.
  if (read.functions.length > 0) reading.report({ offset: offsetOf(node), ...WITH_FUNCTIONS });
  return read;
}

/** The base's variables in their order, each of which may use those before it, with those that are given in their place. */
function replaced(variables: readonly Variable[], own: readonly Variable[], report: Report): Variable[] {
  const known = variables.map(({ name }) => name);
  const given = new Map<string, Variable>();
  for (const variable of own) {
    const { name, offset } = variable;
    if (!known.includes(name))
      report({ offset, ...UNKNOWN, remedy: suggest(name, known, NONE_SUCH), expression: name });
    if (given.has(name)) report({ offset, ...TWICE });
    given.set(name, variable);
  }
  return variables.map((variable) => given.get(variable.name) ?? variable);
}

function shiftSource(source: MappingSource, by: number): MappingSource {
  const move = <T extends { readonly offset: number }>(one: T): T => ({ ...one, offset: one.offset + by });
  const { order, discloses, schema } = source;
  return {
    ...source,
    ...(order !== undefined && { order: shiftExpression(order, by) }),
    maps: source.maps.map(({ covers, ...use }) => ({ ...move(use), ...(covers && { covers: move(covers) }) })),
    require: source.require.map(move),
    ...(discloses !== undefined && { discloses: discloses.map(move) }),
    functions: source.functions.map(move),
    ...(schema !== undefined && { schema: move(schema) }),
    variables: source.variables.map((variable) => shiftVariable(variable, by)),
    result: shiftTemplate(source.result, by),
  };
}

function missing(key: string) {
  return {
    offset: 0,
    rule: 'mapping/missing-key',
    message: `The key "${key}" is missing.`,
    remedy: `Add ${key}: at the top of the file.`,
    issue: 'required',
  } as const;
}

const OUTWARD = {
  rule: 'mapping/order',
  message: 'An outward mapping has no order key: its referral is known.',
  remedy: 'Remove order.',
} as const;

const NOT_FOUND = {
  rule: 'mapping/unknown-base',
  message: 'There is no other mapping of this name.',
  remedy: `Write base: with the path of a mapping below the mappings directory, without ${MAP_SUFFIX}.`,
  issue: 'not-found',
} as const;

const BASE_OF_BASE = {
  rule: 'mapping/base-of-base',
  message: 'The mapping that is named here has a base itself.',
  remedy: 'Name its base, and give here all the variables that are to be others.',
} as const;

const WITH_FUNCTIONS = {
  rule: 'mapping/base-functions',
  message: 'The mapping that is named here uses functions that stand beside it, and cannot be a base.',
  remedy: 'Copy it with its functions, and change the copy.',
  issue: 'not-supported',
} as const;

const UNKNOWN = {
  rule: 'mapping/unknown-variable',
  message: 'The base has no variable of this name, so nothing would read it.',
  issue: 'not-found',
} as const;

const NONE_SUCH = 'Its variables stand under let: in its file.';

const TWICE = {
  rule: 'mapping/duplicate-key',
  message: 'This variable is given twice.',
  remedy: 'Remove one of the two.',
  issue: 'duplicate',
} as const;
