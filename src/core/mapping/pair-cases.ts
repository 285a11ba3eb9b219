import type { Finding } from '../finding.ts';
import { inputOfFile } from './input-file.ts';
import { type MappingCase, readCase } from './read-case.ts';
import { pathFrom } from './read-header-lists.ts';

/** A file below the mappings directory; paths are relative to it, with `/`. */
export interface MappingFile {
  readonly file: string;
  readonly text: string;
}

interface MappingWithCases {
  readonly file: string;
  readonly text: string;
  readonly cases: readonly MappingCase[];
}

interface PairedCases {
  readonly mappings: readonly MappingWithCases[];
  readonly findings: readonly Finding[];
}

const MAP = '.map.yaml';
const CASE = '.case.yaml';
/** Cases of functions have their own reader. */
const FUNCTION_CASE = '.fn.case.yaml';

/**
 * Puts cases to their mappings by name: `casework/referral.lonely.case.yaml` is a case of `casework/referral.map.yaml`.
 * A mapping without a case and a case without its mapping are errors. Input files are taken from the same list.
 * @param directory how people know the directory (`mappings`): findings name files below it; left out, the files alone
 */
export function pairCases(files: readonly MappingFile[], directory?: string): PairedCases {
  const findings: Finding[] = [];
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const cases = new Map<string, MappingCase[]>();
  for (const { file, text } of files.filter((one) => one.file.endsWith(CASE) && !one.file.endsWith(FUNCTION_CASE))) {
    const owner = ownerOf(file);
    if (!texts.has(owner))
      findings.push(
        alone(
          file,
          `There is no mapping ${owner} for this case.`,
          'Name the case after its mapping: <mapping>.<what it shows>.case.yaml.',
        ),
      );
    const read = readCase(text, file, (inputFile) => {
      const path = pathFrom(file, inputFile);
      return inputOfFile(path, texts.get(path) ?? '');
    });
    findings.push(...read.findings);
    if (read.case !== undefined) cases.set(owner, [...(cases.get(owner) ?? []), read.case]);
  }
  const mappings = files
    .filter(({ file }) => file.endsWith(MAP))
    .map(({ file, text }) => ({ file, text, cases: cases.get(file) ?? [] }));
  for (const { file } of mappings.filter((one) => one.cases.length === 0)) {
    findings.push(
      alone(
        file,
        'This mapping has no case that could be read.',
        `Add ${file.replace(MAP, '.<what it shows>.case.yaml')}.`,
      ),
    );
  }
  if (directory === undefined) return { mappings, findings };
  return {
    mappings,
    findings: findings.map((one) => ({ ...one, place: { ...one.place, file: `${directory}/${one.place.file}` } })),
  };
}

function ownerOf(caseFile: string): string {
  const slash = caseFile.lastIndexOf('/');
  const [name = ''] = caseFile.slice(slash + 1).split('.');
  return `${caseFile.slice(0, slash + 1)}${name}${MAP}`;
}

function alone(file: string, message: string, remedy: string): Finding {
  return { severity: 'error', rule: 'mapping/case-pair', place: { file }, message, remedy, issue: 'not-found' };
}
