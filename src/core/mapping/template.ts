/**
 * A mapping file as it was written: header, variables and the template in the shape of its result. Plain data.
 * Every part keeps its offset in the file's text, so that whatever is found wrong later can say where.
 */
import type { MappingFrom, MappingTo } from './direction.ts';

/** A FHIRPath expression inside the delimiters. */
export interface Expression {
  readonly text: string;
  /** Where `text` begins in the file. */
  readonly offset: number;
  /** Where each of its lines begins in the file; empty when YAML escapes or folding hide it. */
  readonly lines: readonly number[];
}

interface At {
  /** Where it begins in the file. */
  readonly offset: number;
}

export type Scalar = string | number | boolean;

export type Template =
  | (At & { readonly kind: 'constant'; readonly value: Scalar | null })
  /** `{{ expr }}` */
  | (At & { readonly kind: 'first'; readonly expression: Expression })
  /** `{[ expr ]}` */
  | (At & { readonly kind: 'all'; readonly expression: Expression })
  /** Text with at least one `{{ expr }}` in it. */
  | (At & { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] })
  | (At & { readonly kind: 'list'; readonly items: readonly Template[] })
  | (At & { readonly kind: 'object'; readonly members: readonly Member[] });

export type Member =
  | (At & { readonly kind: 'field'; readonly key: string; readonly value: Template })
  | (At & {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly chosen: Template;
      readonly otherwise?: Template;
    })
  | (At & {
      readonly kind: 'for';
      readonly item: string;
      readonly index?: string;
      readonly over: Expression;
      readonly body: Template;
    })
  | (At & { readonly kind: 'merge'; readonly parts: readonly Template[] })
  | (At & { readonly kind: 'assign'; readonly variables: readonly Variable[] })
  /** A shared fragment: it sees the input, the given variables, and its parameters; nothing else of the mapping around it. */
  | (At & {
      readonly kind: 'include';
      readonly name: string;
      readonly parameters: readonly Variable[];
      readonly body: Template;
    });

export interface Variable extends At {
  readonly name: string;
  readonly value: Template;
}

/** What stands in place of a code that has no counterpart. There is no default: each mapping says it for each map. */
export type NoMatch =
  /** A code that the map does not know waits for a person; one that it knows to be unmatched gives nothing. */
  | 'hold'
  /** Either is an error. */
  | 'fail'
  /** Either gives nothing. */
  | 'omit'
  /** Either gives the coding's display, or the word itself when it is not a coding. */
  | 'text';

export interface MapUse extends At {
  readonly map: string;
  /** Code system of words that name none themselves. */
  readonly system: string;
  readonly onNoMatch: NoMatch;
  /** The value set whose every code the map must know, if only to say that it has no counterpart. */
  readonly covers?: Named;
}

/** A name that the header gives, and where. */
export interface Named extends At {
  readonly name: string;
}

export interface RequiredPath extends At {
  /** Names joined by dots; through lists without an index. */
  readonly path: string;
}

/** A text that offsets point into. The mapping's own begins at 0, each fragment's where `base` says. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly base: number;
}

/** The JSON Schema that the result must satisfy. */
export interface ResultSchema extends At {
  readonly file: string;
  readonly text: string;
}

export interface MappingSource {
  readonly file: string;
  /** The whole file. */
  readonly text: string;
  /** The fragments that it includes, each once. */
  readonly parts: readonly SourceFile[];
  readonly name: string;
  readonly version: number;
  readonly from: MappingFrom;
  readonly to: MappingTo;
  /** Gives the lane key of an inbound message. */
  readonly order?: Expression;
  readonly maps: readonly MapUse[];
  readonly require: readonly RequiredPath[];
  /** Categories of what identifies a patient that the template may read; undefined when the mapping does not say. */
  readonly discloses?: readonly Named[];
  /** Functions in files beside the mapping. */
  readonly functions: readonly Named[];
  readonly schema?: ResultSchema;
  readonly variables: readonly Variable[];
  readonly result: Template;
}

/** The members of an object that carry its value: all but `{% assign %}`. */
function valueMembers(template: Extract<Template, { kind: 'object' }>): readonly Member[] {
  return template.members.filter((member) => member.kind !== 'assign');
}

/** The one `{% if %}`, `{% for %}` or `{% merge %}` that is an object's whole value; undefined when it has fields or several. */
export function onlyMember(
  template: Extract<Template, { kind: 'object' }>,
): Exclude<Member, { kind: 'field' | 'assign' }> | undefined {
  const [first, ...others] = valueMembers(template);
  if (first === undefined || others.length > 0 || first.kind === 'field' || first.kind === 'assign') return undefined;
  return first;
}
