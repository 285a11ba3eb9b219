import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { Flaw, Path, Problem } from './problem.ts';
import { syntaxFlaw, UNKNOWN_ALIAS, UNREADABLE } from './yaml-flaws.ts';

interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** A YAML file as plain data, which knows where each part of it stands. */
export interface YamlSource {
  readonly value: unknown;
  /** What is wrong with it as YAML. */
  readonly flaws: readonly (Flaw & LineColumn)[];
  /** False when it is so broken that `value` says nothing. */
  readonly readable: boolean;
  /** Where a path leads; for what does not exist, where the nearest part around it stands. */
  place(path: Path, at: Problem['at']): LineColumn;
}

/** Reads YAML 1.2 (one document, text keys). Never throws; line and column count from 1. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  try {
    // The library's own messages repeat pieces of the file, among them perhaps a secret: only its codes are used.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    return sourceOf(document, lines);
  } catch {
    return broken([{ ...UNREADABLE, line: 1, column: 1 }]);
  }
}

function sourceOf(document: Document, lines: LineCounter): YamlSource {
  const at = (offset: number): LineColumn => position(lines, offset);
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const flaws = errors.map((error) => ({ ...syntaxFlaw(error.code), ...at(error.pos[0]) }));
  const aliases = unknownAliases(document).map((offset) => ({ ...UNKNOWN_ALIAS, ...at(offset) }));
  const fatal = errors.some((error) => error.code !== 'DUPLICATE_KEY') || aliases.length > 0;
  if (fatal) return broken([...flaws, ...aliases]);
  return {
    value: document.toJS({ maxAliasCount: 100 }),
    flaws,
    readable: true,
    place: (path, where) => at(offsetOf(document, path, where)),
  };
}

function broken(flaws: YamlSource['flaws']): YamlSource {
  // One slip makes the library stumble several times on its line: the first place is where it is.
  const first = flaws.filter((flaw) => !flaws.some((other) => other.line === flaw.line && other.column < flaw.column));
  const once = first.filter((flaw, position) => first.findIndex((other) => other.line === flaw.line) === position);
  return { value: undefined, flaws: once, readable: false, place: () => ({ line: 1, column: 1 }) };
}

function position(lines: LineCounter, offset: number): LineColumn {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function unknownAliases(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0);
    },
  });
  return offsets;
}

interface Step {
  readonly key: number | undefined;
  readonly node: unknown;
}

function offsetOf(document: Document, path: Path, at: Problem['at']): number {
  let here: Step = { key: undefined, node: document.contents };
  for (const step of path) {
    const next = stepInto(document, here.node, step);
    if (next === undefined) return here.key ?? start(here.node) ?? 0;
    here = next;
  }
  return at === 'key' ? (here.key ?? start(here.node) ?? 0) : (start(here.node) ?? here.key ?? 0);
}

function stepInto(document: Document, node: unknown, step: string | number): Step | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target) && typeof step === 'number' && step < target.items.length) {
    return { key: undefined, node: target.items[step] };
  }
  if (!isMap(target)) return undefined;
  // The last one, as the data has it when a key stands twice.
  const pair = target.items.findLast((one) => isScalar(one.key) && String(one.key.value) === step);
  return pair && { key: start(pair.key), node: pair.value };
}

/** Where a node's text begins; undefined when it has none (`key:` with nothing behind it). */
function start(node: unknown): number | undefined {
  if (!isAlias(node) && !isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  const range = node.range;
  return range && range[0] < range[1] ? range[0] : undefined;
}
