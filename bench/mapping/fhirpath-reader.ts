import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';

export interface Reader {
  readonly all: (data: unknown) => readonly unknown[];
  readonly first: (data: unknown) => unknown;
}

/** An expression on plain JSON, compiled once. */
export function onJson(expression: string): Reader {
  return reader(fhirpath.compile(expression, undefined, {}));
}

/** An expression on a FHIR resource, or on a part of one when `base` names its type, compiled once with the R4 model. */
export function onFhir(expression: string, base?: string): Reader {
  return reader(fhirpath.compile(base === undefined ? expression : { base, expression }, r4, {}));
}

function reader(all: (data: unknown) => readonly unknown[]): Reader {
  return { all, first: (data) => all(data)[0] };
}
