import { asObject, type JsonObject, type TerminologyFile, textIn } from '../terminology/resource-flaw.ts';
import { readCodeSystem, readValueSet } from '../terminology/value-set.ts';
import type { CodesOf } from './covers-check.ts';

/** Lists the codes of value sets from terminology files. What is wrong with the files is `buildTerminology`'s to say. */
export function valueSetCodes(files: readonly TerminologyFile[]): CodesOf {
  const resources = files.flatMap(({ text }) => parsed(text));
  const systems = new Map(
    resources.flatMap((resource) => {
      const read = textIn(resource, 'resourceType') === 'CodeSystem' ? readCodeSystem(resource, ignore) : undefined;
      return read === undefined ? [] : [[read.system, read.codes] as const];
    }),
  );
  const sets = resources.filter((resource) => textIn(resource, 'resourceType') === 'ValueSet');
  return (name) => {
    const set = sets.find((one) => textIn(one, 'id') === name || textIn(one, 'url') === name);
    const members = set && readValueSet(set, systems, ignore);
    if (members === undefined || !members.complete) return undefined;
    return [...members.members].map((token) => {
      const bar = token.lastIndexOf('|');
      return { system: token.slice(0, bar), code: token.slice(bar + 1) };
    });
  };
}

function ignore(): void {}

function parsed(text: string): JsonObject[] {
  try {
    const value: unknown = JSON.parse(text);
    const resource = asObject(value);
    return resource === undefined ? [] : [resource];
  } catch {
    return [];
  }
}
