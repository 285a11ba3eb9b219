import Handlebars from 'handlebars';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import type { Contender } from '../interleave.ts';
import { textBeside } from './files.ts';
import { type Job, translated, translatedCoding } from './workload.ts';

/**
 * Handlebars makes text, which is then parsed as JSON. Values go in through the helper `json`, as they must; looking for
 * one element among several is a helper too, because the language has none.
 */
export function handlebars<Document, Given extends object>(
  name: string,
  terminology: Terminology,
  constants: Readonly<Record<string, string>>,
): Contender<Job<Document, Given>> {
  const { engine, helpers } = engineWithHelpers(terminology);
  const knownHelpers = Object.fromEntries(helpers.map((helper) => [helper, true]));
  const template = engine.compile(textBeside(`${name}.hbs`), { noEscape: true, knownHelpers, knownHelpersOnly: true });
  return {
    name: 'handlebars',
    run({ document, given }) {
      const made: unknown = JSON.parse(template(document, { data: { ...constants, ...given } }));
      return made;
    },
  };
}

function engineWithHelpers(terminology: Terminology) {
  const helpers: Readonly<Record<string, Handlebars.HelperDelegate>> = {
    json: (value: unknown) => JSON.stringify(value),
    equal: (one: unknown, other: unknown) => one === other,
    lower: (text: string) => text.toLowerCase(),
    // The last argument of every helper is the library's own.
    join: (...given: unknown[]) => given.slice(0, -1).flat().join(' '),
    joined: (...given: unknown[]) => given.slice(0, -1).join(''),
    where: (list: readonly Record<string, unknown>[], key: string, value: string) =>
      list.find((one) => one[key] === value),
    resource: (entries: readonly Entry[], type: string, status: unknown) =>
      entries.find(
        ({ resource }) =>
          resource.resourceType === type && (typeof status !== 'string' || resource['status'] === status),
      )?.resource,
    translate: (map: string, system: string, code: string) => translated(terminology, map, system, code),
    translateCoding: (map: string, system: string, code: string) => translatedCoding(terminology, map, system, code),
  };
  const engine = Handlebars.create();
  for (const [helper, apply] of Object.entries(helpers)) engine.registerHelper(helper, apply);
  return { engine, helpers: Object.keys(helpers) };
}

interface Entry {
  readonly resource: { readonly resourceType: string; readonly [key: string]: unknown };
}
