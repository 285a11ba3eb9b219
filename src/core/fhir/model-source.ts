/**
 * The shape of the definitional data that the npm package `fhir` (installed as `fhir-lantana`) carries in
 * profiles/types.json and profiles/valuesets.json: R4 4.0.1, choices already spread out, value sets expanded.
 */

export interface RawProperty {
  readonly _name: string;
  /** A type's name, or `#Bundle.link` for an element that repeats another's content. */
  readonly _type: string;
  readonly _multiple: boolean;
  readonly _required?: boolean;
  /** `value[x]` inside backbones, `value` at the top of a type. */
  readonly _choice?: string;
  readonly _valueSet?: string;
  readonly _valueSetStrength?: string;
  readonly _targetProfiles?: readonly string[];
  /** Filled for backbones; empty or absent for all others. */
  readonly _properties?: readonly RawProperty[];
}

export type RawTypes = Readonly<
  Record<string, { readonly _kind: string; readonly _properties: readonly RawProperty[] }>
>;

export type RawValueSets = Readonly<
  Record<
    string,
    { readonly systems?: readonly { readonly uri: string; readonly codes: readonly { readonly code: string }[] }[] }
  >
>;
