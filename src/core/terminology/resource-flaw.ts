import type { Finding, IssueType } from '../finding.ts';

/** A terminology resource and the file it came from. */
export interface TerminologyFile {
  readonly file: string;
  readonly text: string;
  /** Whose own decisions it holds; absent for what holds for everybody. */
  readonly partner?: string;
}

/** Says that something is wrong with a resource; `pointer` is a JSON Pointer into its file. */
export type Tell = (
  pointer: string,
  flaw: {
    readonly rule: `terminology/${string}`;
    readonly message: string;
    readonly remedy: string;
    readonly issue?: IssueType;
  },
) => void;

export function tellInto(findings: Finding[], file: string): Tell {
  return (pointer, { rule, message, remedy, issue = 'value' }) => {
    findings.push({ severity: 'error', rule, place: { file, expression: pointer }, message, remedy, issue });
  };
}

/** Members of a JSON object by name, with the checks that data from a file needs. */
export interface JsonObject {
  readonly [name: string]: unknown;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

/** The objects of a list; what is not an object is passed over. */
export function objectsOf(value: unknown): { readonly object: JsonObject; readonly index: number }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) => {
    const object = asObject(item);
    return object === undefined ? [] : [{ object, index }];
  });
}

export function textIn(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
