import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Place } from '../finding.ts';

export type YamlPath = readonly (string | number)[];

/** A YAML file as data that knows where each part of it stands. */
export interface YamlPlaces {
  readonly value: unknown;
  /** Undefined when the file is no YAML; then `flaw` says where. */
  readonly readable: boolean;
  readonly flaw?: Place;
  /** Where a path leads; for what is not there, where the nearest part around it begins. */
  place(path: YamlPath, at?: 'key' | 'value'): Place;
}

/** Reads YAML 1.2, one document. Never throws. The library's own words may repeat values: only its places are used. */
export function readYamlPlaces(text: string, file: string): YamlPlaces {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const [error] = document.errors;
    if (error !== undefined) return broken(at(error.pos[0]));
    return {
      value: document.toJS({ maxAliasCount: 100 }),
      readable: true,
      place: (path, where) => at(offset(document.contents, path, where)),
    };
  } catch {
    return broken({ file, line: 1, column: 1 });
  }
}

function broken(flaw: Place): YamlPlaces {
  return { value: undefined, readable: false, flaw, place: () => flaw };
}

function offset(contents: unknown, path: YamlPath, at: 'key' | 'value' = 'value'): number {
  let node = contents;
  let found = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else if (isMap(node)) {
      const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(step));
      if (pair === undefined) return found;
      found = startOf(pair.key) ?? found;
      if (at === 'key' && depth === path.length - 1) return found;
      node = pair.value;
    } else return found;
    found = startOf(node) ?? found;
  }
  return found;
}

function startOf(node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  const range = node.range;
  return range && range[0] < range[1] ? range[0] : undefined;
}
