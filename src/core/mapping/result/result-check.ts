import type { Place } from '../../finding.ts';
import { sourceOf, standsAt } from '../require.ts';
import { addFinding, type RunState } from '../run-state.ts';
import type { MappingSource } from '../template.ts';
import { madeFlaws } from './made-check.ts';
import type { SchemaValidator } from './schema-validator.ts';

/** Adds to the state what is wrong with a result. */
export type ResultCheck = (result: unknown, state: RunState) => void;

type PlaceOf = (offset: number, expression?: string) => Place;

/**
 * The check of each result: what the mapping requires is there, it can be written as what it should be, and the
 * partner's JSON Schema is satisfied. Findings point at the line of the template that made the part.
 */
export function resultCheck(source: MappingSource, validate: SchemaValidator | undefined, place: PlaceOf): ResultCheck {
  const required = source.require.map(({ path }) => ({
    path,
    names: path.split('.'),
    place: place(madeAt(source, path), path),
  }));
  return (result, state) => {
    for (const { path, names, place: at } of required) {
      if (!standsAt(result, names, source.to)) addFinding(state, missing(path, at));
    }
    for (const { path, message } of madeFlaws(source.to, result)) {
      addFinding(state, {
        place: place(madeAt(source, path), path),
        rule: 'mapping/result-shape',
        message,
        remedy: 'Mend the expression on this line; a partner that cannot take such values must be asked.',
      });
    }
    for (const { path, pointer, wants } of validate?.(result) ?? []) {
      addFinding(state, {
        place: place(madeAt(source, path), pointer),
        rule: 'mapping/schema',
        message: `The JSON Schema of the result is not satisfied here: it ${wants}.`,
        remedy: 'Have the sender supply what it is made from, or mend the expression on this line.',
      });
    }
  };
}

function missing(path: string, place: Place) {
  return {
    place,
    rule: 'mapping/required',
    message: `The result has no ${path}, which the mapping requires.`,
    remedy: 'Have the sender supply what it is made from, or mend the expression on this line.',
    issue: 'required',
  } as const;
}

function madeAt(source: MappingSource, path: string): number {
  const made = path === '' ? undefined : sourceOf(source.result, path, source.to);
  return made?.kind === 'found' ? made.offset : source.result.offset;
}
