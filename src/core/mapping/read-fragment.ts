import { isScalar, isSeq } from 'yaml';
import { isVariableName } from './expression-tree.ts';
import type { Report } from './mapping-findings.ts';
import { checkKeys, entriesOf } from './read-header.ts';
import { type Fragment, offsetOf, type Reading, readTemplate } from './read-template.ts';
import { readYamlKeys } from './read-yaml.ts';
import { shiftTemplate } from './shift-template.ts';
import type { SourceFile } from './template.ts';

/** Finds a file by its path below the mappings directory (with `/`); `file` is how people know it. */
export type FindBeside = (path: string) => { readonly file: string; readonly text: string } | undefined;

/** How the file of a fragment ends; what stands before it is its name. */
export const PART_SUFFIX = '.part.yaml';
const KEYS = ['part', 'parameters', 'result'];

/** Takes a file in among those of a mapping: where its text begins, and how it is read from there. */
export type OpenFile = (found: { readonly file: string; readonly text: string }) => {
  readonly base: number;
  readonly reading: Reading;
};

interface FragmentDesk {
  /** Reads a fragment for a place in the mapping; each file is read once. */
  readonly fragment: Reading['fragment'];
  /** For a file that is no fragment. */
  readonly open: OpenFile;
  readonly parts: () => readonly SourceFile[];
}

/** Reads fragments as they are included. Offsets of a fragment's text begin behind all texts read before it. */
export function fragmentDesk(text: string, find: FindBeside, report: Report): FragmentDesk {
  const parts: SourceFile[] = [];
  const known = new Map<string, Fragment | undefined>();
  const under: string[] = [];
  const open = (found: { readonly file: string; readonly text: string }) => {
    const base = endOf(text, parts);
    parts.push({ ...found, base });
    return { base, reading: nested(found.text, base) };
  };
  const read = (name: string, offset: number): Fragment | undefined => {
    if (under.includes(name)) {
      report({ offset, ...CYCLE });
      return undefined;
    }
    if (known.has(name)) return known.get(name);
    const found = find(`${name}${PART_SUFFIX}`);
    if (found === undefined) report({ offset, ...NOT_FOUND });
    else {
      under.push(name);
      known.set(name, readFragment(found.text, name, open(found).reading));
      under.pop();
    }
    return known.get(name);
  };
  const nested = (inside: string, base: number): Reading & { readonly base: number } => ({
    base,
    text: inside,
    report: (flaw) => report({ ...flaw, offset: flaw.offset + base }),
    fragment: (name, offset) => read(name, offset + base),
  });
  return { fragment: read, open, parts: () => parts };
}

const CYCLE = {
  rule: 'mapping/include-cycle',
  message: 'The fragment includes itself, directly or through others.',
  remedy: 'Take one of the includes out of the circle.',
} as const;

const NOT_FOUND = {
  rule: 'mapping/unknown-part',
  message: 'There is no fragment of this name.',
  remedy: `Add the file below the mappings directory (shared/address${PART_SUFFIX} for 'shared/address'), or mend the name.`,
  issue: 'not-found',
} as const;

function endOf(text: string, parts: readonly SourceFile[]): number {
  const last = parts.at(-1);
  return last === undefined ? text.length + 1 : last.base + last.text.length + 1;
}

function readFragment(text: string, name: string, reading: Reading & { readonly base: number }): Fragment | undefined {
  const root = readYamlKeys(text, KEYS, reading.report);
  if (root === undefined) return undefined;
  const entries = entriesOf(root);
  checkKeys(entries, KEYS, reading);
  const node = (key: string): unknown => entries.find((entry) => entry.key === key)?.node;
  const own = node('part');
  if (!isScalar(own) || own.value !== name) {
    reading.report({
      offset: offsetOf(own),
      rule: 'mapping/name',
      message: 'A fragment says its own name: the path of its file below the mappings directory.',
      remedy: `Write part: ${name} at its top.`,
    });
  }
  if (node('result') === undefined) {
    reading.report({
      offset: 0,
      rule: 'mapping/missing-key',
      message: 'The key "result" is missing.',
      remedy: 'Add result: with what the fragment makes.',
      issue: 'required',
    });
  }
  const body = shiftTemplate(readTemplate(node('result'), reading), reading.base);
  return { parameters: readParameters(node('parameters'), reading), body };
}

function readParameters(node: unknown, reading: Reading): string[] {
  if (node === undefined) return [];
  const items: readonly unknown[] = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    const name = isScalar(item) && typeof item.value === 'string' ? item.value : '';
    if (isVariableName(name)) return [name];
    reading.report({
      offset: offsetOf(item),
      rule: 'mapping/variable-name',
      message: 'A parameter is named like a variable: letters, digits and _, and no word of FHIRPath.',
      remedy: 'Write parameters: [address].',
    });
    return [];
  });
}
