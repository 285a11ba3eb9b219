import type { Report } from './mapping-findings.ts';
import { MAPPING_FUNCTIONS, type MappingFunction } from './mapping-functions.ts';
import type { MappingSource } from './template.ts';

/** The functions in files beside a mapping that it names; what is missing or named twice is reported. */
export function functionsBeside(
  source: MappingSource,
  functionFiles: ReadonlyMap<string, MappingFunction> | undefined,
  report: Report,
): (readonly [string, MappingFunction])[] {
  const directory = source.name.slice(0, source.name.lastIndexOf('/') + 1);
  return source.functions.flatMap(({ name, offset }) => {
    const known = functionFiles?.get(directory + name);
    if (known !== undefined && !MAPPING_FUNCTIONS.has(name)) return [[name, known] as const];
    report({
      offset,
      rule: 'mapping/unknown-function-file',
      message:
        known === undefined
          ? 'There is no such function beside this mapping.'
          : 'There is a function of this name already.',
      remedy:
        known === undefined
          ? `Add the file ${directory}${name}.fn.ts with the function ${name}, or mend what is said to be wrong with it.`
          : 'Give it another name.',
      issue: 'not-found',
    });
    return [];
  });
}
