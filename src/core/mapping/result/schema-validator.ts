import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { JsonSchema } from './read-schema.ts';

/** One place of a result that breaks its schema. */
export interface SchemaBreach {
  /** Names joined by dots, without indexes (`case.needs.code`): how the template is found. */
  readonly path: string;
  /** JSON Pointer into the result. */
  readonly pointer: string;
  /** What the schema wants there; never the value. */
  readonly wants: string;
}

export type SchemaValidator = (result: unknown) => readonly SchemaBreach[];

/** Patterns run in linear time: with JavaScript's own engine one text can stop the process. */
const LINEAR = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => `/${pattern}/re2` };
  },
  { code: 'linear' },
);

const OPTIONS: Options = {
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  // No formats are known here; what they say is documentation.
  validateFormats: false,
  logger: false,
  code: { regExp: LINEAR },
};

type Draft = typeof Ajv | typeof Ajv2020;

/** What judges schemas by their draft. Kept, because compiling a draft takes longer than compiling all schemas of a directory. */
const judges = new Map<Draft, Ajv | Ajv2020>();

function judgeOf(Draft: Draft): Ajv | Ajv2020 {
  const judge = judges.get(Draft) ?? new Draft(OPTIONS);
  judges.set(Draft, judge);
  return judge;
}

type Compiled = { readonly validate: SchemaValidator } | { readonly why: string };

/** By their text: several mappings judge by one schema, and when mappings are read again most schemas are what they were. */
const compiled = new Map<string, Compiled>();
/** Whoever tries schemas by the thousand must not be remembered for it. */
const MOST = 500;

/** Compiles a JSON Schema (draft 7 or 2020-12). What it cannot be compiled for is said as a text. */
export function schemaValidator(schema: JsonSchema): Compiled {
  const text = JSON.stringify(schema);
  const known = compiled.get(text) ?? compile(schema);
  if (compiled.size >= MOST) compiled.clear();
  compiled.set(text, known);
  return known;
}

function compile(schema: JsonSchema): Compiled {
  const Draft = String(schema['$schema'] ?? '').includes('2020-12') ? Ajv2020 : Ajv;
  try {
    judgeOf(Draft).validateSchema({ ...schema }, true);
    // An instance of its own: two schemas of one $id would be one schema to a shared one.
    const check = new Draft({ ...OPTIONS, validateSchema: false }).compile({ ...schema });
    return { validate: (result) => (check(result) ? [] : breachesOf(check.errors ?? [])) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'unknown reason' };
  }
}

function breachesOf(errors: readonly ErrorObject[]): SchemaBreach[] {
  const all = errors.map(({ instancePath, keyword, message, params }): SchemaBreach => {
    const missing: unknown = keyword === 'required' ? params['missingProperty'] : undefined;
    const pointer = typeof missing === 'string' ? `${instancePath}/${missing}` : instancePath;
    return { pointer, path: pathOf(pointer), wants: message ?? keyword };
  });
  return all.filter(
    (one, at) => all.findIndex(({ pointer, wants }) => pointer === one.pointer && wants === one.wants) === at,
  );
}

function pathOf(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return steps
    .filter((step) => !/^\d+$/.test(step))
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}
