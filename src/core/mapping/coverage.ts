import type { Place } from '../finding.ts';
import { type CompileEnvironment, compileMapping } from './compile.ts';
import { plainPath, valuesIn, watchedInput } from './input-reads.ts';
import { placesIn } from './mapping-findings.ts';
import type { MappingCase } from './read-case.ts';
import type { MappingSource, Template } from './template.ts';
import { leavesOf, writtenAs } from './template-leaves.ts';
import { watching } from './template-watch.ts';

/** What the cases of a mapping do not show. */
export interface Coverage {
  /** Parts of the template that make values, and how many of them a case made. */
  readonly parts: number;
  readonly made: number;
  /** Those that no case made, by place. */
  readonly neverMade: readonly { readonly place: Place; readonly written: string }[];
  /** Elements of the cases' inputs that the mapping never reads; an allow-list leaves much unread on purpose. */
  readonly neverRead: readonly string[];
}

/** Runs all cases of a mapping and tells what of its template and of their inputs they reach. */
export function coverageOf(
  source: MappingSource,
  cases: readonly MappingCase[],
  environment: CompileEnvironment,
): Coverage {
  const made = new Set<Template>();
  const watch = watching((template, value) => {
    if (value !== undefined) made.add(template);
  });
  const { mapping } = compileMapping(source, { ...environment, watch });
  const there = new Set<string>();
  const read = new Set<string>();
  for (const one of mapping === undefined ? [] : cases) {
    const watched = watchedInput(one.input);
    mapping?.run(watched.input, one.variables);
    mapping?.orderOf(watched.input);
    for (const pointer of valuesIn(one.input)) there.add(plainPath(pointer, one.input));
    for (const pointer of watched.read) read.add(plainPath(pointer, one.input));
  }
  const place = placesIn(source);
  const leaves = [...new Map(leavesOf(source.result).map(({ template }) => [template, template])).values()];
  const missed = leaves.filter((leaf) => !made.has(leaf));
  return {
    parts: leaves.length,
    made: leaves.length - missed.length,
    neverMade: missed.map((leaf) => ({ place: place(leaf.offset), written: writtenAs(leaf) })),
    neverRead: [...there].filter((path) => !read.has(path)).sort(),
  };
}
