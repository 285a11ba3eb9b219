import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fhir } from 'fhir-lantana/fhir.js';
import { SaxesParser } from 'saxes';

export interface PublishedCase {
  readonly name: string;
  readonly expression: string;
  readonly inputFile: string | undefined;
}

/** Reads the test cases that the FHIRPath project publishes (`tests-fhir-r4.xml`). */
export function readPublishedCases(file: string): PublishedCase[] {
  const cases: PublishedCase[] = [];
  let open: { name: string; inputFile: string | undefined } | undefined;
  let expression: string | undefined;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'test') open = { name: attributes['name'] ?? '', inputFile: attributes['inputfile'] };
    if (name === 'expression') expression = '';
  });
  parser.on('text', (text) => {
    if (expression !== undefined) expression += text;
  });
  parser.on('closetag', ({ name }) => {
    if (name !== 'expression' || open === undefined || expression === undefined) return;
    cases.push({ ...open, expression });
    expression = undefined;
  });
  parser.write(readFileSync(file, 'utf8')).close();
  return cases;
}

/** Reads a resource that stands beside the cases, XML or JSON; undefined when it is not there. */
export function readResource(casesFile: string, inputFile: string | undefined): unknown {
  if (inputFile === undefined) return {};
  const text = readOrNothing(join(dirname(casesFile), inputFile));
  if (text === undefined) return undefined;
  const resource: unknown = inputFile.endsWith('.xml') ? JSON.parse(new Fhir().xmlToJson(text)) : JSON.parse(text);
  return resource;
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
