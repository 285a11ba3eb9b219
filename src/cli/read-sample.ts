import { readFileSync } from 'node:fs';
import { type ContentForm, formOf } from '../core/content/media-type.ts';
import { readContent } from '../core/content/read-content.ts';
import { hasErrors } from '../core/finding.ts';
import type { MappingFrom } from '../core/mapping/direction.ts';
import { inputOfFile } from '../core/mapping/input-file.ts';
import { WrongUse } from './exit-code.ts';

const ENDINGS: Readonly<Record<string, ContentForm>> = { xml: 'xml', csv: 'csv', form: 'form', json: 'json' };

const TYPES: Readonly<Record<ContentForm, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  csv: 'text/csv',
};

/** The form of a sample by the ending of its file (`.json`, `.xml`, `.csv`, `.form`); undefined for any other ending. */
export function formOfFile(file: string): ContentForm | undefined {
  return ENDINGS[/[.](\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ''];
}

/**
 * Reads a file as what a mapping reads, or as JSON when it holds the tree itself; a `.hl7` file as the message it is. Says what
 * is wrong without repeating the file.
 */
export function readInputFile(file: string, from: MappingFrom): unknown {
  if (!file.endsWith('.hl7')) return readOther(file, from);
  const tree = inputOfFile(file, new TextDecoder().decode(bytesOf(file)));
  if (tree === undefined) throw new WrongUse(`${file} cannot be read as HL7 v2: it does not begin with a segment MSH.`);
  return tree;
}

function readOther(file: string, from: MappingFrom): unknown {
  return readSample(file, formOfFile(file) ?? formOf(from) ?? 'json');
}

/** Reads a file as the engine reads a body of this form. Faults are wrong uses; they hold places and never a value. */
export function readSample(file: string, form: ContentForm): unknown {
  const { value, findings } = readContent(bytesOf(file), TYPES[form], form);
  const [wrong] = findings.filter(({ severity }) => severity === 'error');
  if (wrong === undefined || !hasErrors(findings)) return value;
  const { line, column } = wrong.place;
  const where = [file, line, column].filter((part) => part !== undefined).join(':');
  throw new WrongUse(`${where} cannot be read as ${NAMES[form]}. ${wrong.message} ${wrong.remedy}`);
}

const NAMES: Readonly<Record<ContentForm, string>> = { json: 'JSON', form: 'a form', xml: 'XML', csv: 'CSV' };

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new WrongUse(`${file} cannot be read: there is no such file.`);
  }
}
