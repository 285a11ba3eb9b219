/**
 * The thread in which one mapping is tried on one text: whatever it costs, the engine goes on, and whoever waits can end it.
 * Tells twice: that it is ready to run, and what came out.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { diskIo } from '../config/disk.ts';
import { formOf } from '../core/content/media-type.ts';
import { readContent } from '../core/content/read-content.ts';
import { type Finding, hasErrors } from '../core/finding.ts';
import type { MappingFrom } from '../core/mapping/direction.ts';
import { inputOfFile } from '../core/mapping/input-file.ts';
import { writeResult } from '../core/mapping/result/write-result.ts';
import { sampleVariables } from './mappings-variables.ts';
import { readLibrary } from './read-library.ts';
import type { MappingTry, TriedMapping } from './try-mapping.ts';

const { directories, name, text } = workerData as MappingTry;

function tried(read: Awaited<ReturnType<typeof readLibrary>>): TriedMapping {
  const found = read?.library.mappings.find(({ mapping }) => mapping.name === name);
  if (found === undefined) {
    return { kind: 'no-mapping', findings: (read?.findings ?? []).filter(({ severity }) => severity === 'error') };
  }
  const { mapping } = found;
  const { digest, version, from, to } = mapping;
  const { input, findings } = inputFrom(from);
  if (input === undefined || hasErrors(findings)) return { kind: 'unreadable', findings };
  const { result, receipt, unmapped, findings: ofRun } = mapping.runWithReceipt(input, sampleVariables(from));
  const written = result === undefined || hasErrors(ofRun) ? [] : writeResult(to, result);
  return {
    ...{ kind: 'run', digest, version, receipt, unmapped, findings: [...findings, ...ofRun] },
    result: written.map(({ contentType, text: own }) => ({ contentType, text: own })),
  };
}

const TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  csv: 'text/csv',
};

/** What was pasted as the mapping reads it; a dossier is JSON. */
function inputFrom(from: MappingFrom): { readonly input: unknown; readonly findings: readonly Finding[] } {
  if (from === 'hl7v2') {
    // A browser sends line feeds with carriage returns; a segment of HL7 v2 ends with a carriage return alone.
    const input = inputOfFile('pasted.hl7', text.replace(/\r?\n/g, '\r'));
    return { input, findings: input === undefined ? [NO_MSH] : [] };
  }
  const form = formOf(from) ?? 'json';
  const { value, findings } = readContent(new TextEncoder().encode(text), TYPES[form], form);
  return { input: value, findings };
}

const NO_MSH: Finding = {
  severity: 'error',
  rule: 'hl7v2/no-header',
  place: { line: 1, column: 1 },
  message: 'It does not begin with a segment MSH.',
  remedy: 'Paste the whole message, from MSH on.',
};

const read = await readLibrary(directories, diskIo({}), { names: new Set([name]) });
parentPort?.postMessage('ready');
parentPort?.postMessage(tried(read));
