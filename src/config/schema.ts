import { z } from 'zod';
import { engineSection } from './engine-section.ts';
import { partnerSection } from './partner-section.ts';
import { routeSection } from './route-section.ts';

/** `hearback.yaml`. Every field with its meaning and default; the page, the JSON Schema and the reader all come from here. */
export const configSchema = z.strictObject({
  engine: engineSection.prefault({}).describe('The engine itself.'),
  partners: z.array(partnerSection).min(1).describe('The systems Hearback talks to.'),
  routes: z
    .array(routeSection)
    .prefault([])
    .describe('Which platforms a referral goes to. Every route that fits is taken.'),
  unmatched: z
    .literal('hold')
    .default('hold')
    .describe('What becomes of a referral that no route fits: it is recorded as unmet need and held for a person.'),
});

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** A configuration that was found right: defaults filled in, durations in milliseconds, paths resolved against its file. */
export type Config = DeepReadonly<z.output<typeof configSchema>>;
export type Partner = Config['partners'][number];
export type Inlet = Partner['inlets'][number];
export type Outlet = Partner['outlets'][number];
