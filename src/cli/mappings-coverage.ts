import { coverageOf } from '../core/mapping/coverage.ts';
import { pairCases } from '../core/mapping/pair-cases.ts';
import type { Workspace } from './mappings-workspace.ts';

/** What the cases do not show, mapping by mapping, as lines to print. Never a value of a case's input: paths only. */
export function coverageLines(workspace: Workspace, { json = false }: { readonly json?: boolean }): string[] {
  const cases = new Map(pairCases(workspace.files).mappings.map((one) => [one.file, one.cases]));
  return workspace.mappings.flatMap(({ path, source, mapping }) => {
    const { parts, made, neverMade, neverRead } = coverageOf(source, cases.get(path) ?? [], workspace.environment);
    const missed = neverMade.map(({ place, written }) => ({ file: place.file, line: place.line, written }));
    if (json) return [JSON.stringify({ coverage: mapping.name, parts, made, neverMade: missed, neverRead })];
    return [
      `${mapping.name}: ${made} of ${parts} parts of the template made by a case`,
      ...missed.map(({ file, line, written }) => `  never made  ${file}:${line}  ${written}`),
      ...grouped(neverRead).map((elements) => `  never read  ${elements}`),
    ];
  });
}

/** `Patient.id, gender, name.use`: the elements of one resource on one line; JSON Pointers each on its own. */
function grouped(elements: readonly string[]): string[] {
  const lines = new Map<string, string[]>();
  for (const element of elements) {
    const [, resource, rest] = /^([A-Z]\w*)\.(.+)$/.exec(element) ?? [];
    const line = resource ?? element;
    lines.set(line, [...(lines.get(line) ?? []), ...(rest === undefined ? [] : [rest])]);
  }
  return [...lines].map(([first, others]) => (others.length === 0 ? first : `${first}.${others.join(', ')}`));
}
