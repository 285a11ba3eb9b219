import type { z } from 'zod';
import type { Finding } from '../finding.ts';
import type { Instrument, InstrumentItem, InstrumentScore } from './instrument.ts';
import { instrumentFlaws } from './instrument-flaws.ts';
import { type InstrumentFile, instrumentShape } from './instrument-shape.ts';
import { OUTCOME_SCORE_SYSTEM, questionnaireUrl } from './local-codes.ts';
import { readYamlPlaces, type YamlPath, type YamlPlaces } from './read-yaml-places.ts';

export const INSTRUMENT_SUFFIX = '.instrument.yaml';

/** Reads one instrument file. Every finding has file, line and column; no instrument when one of them is an error. */
export function readInstrument(text: string, file: string): { instrument?: Instrument; findings: Finding[] } {
  const source = readYamlPlaces(text, file);
  if (!source.readable) return { findings: [NO_YAML(source)] };
  const read = instrumentShape.safeParse(source.value);
  if (!read.success) return { findings: read.error.issues.flatMap((issue) => shapeFindings(issue, source)) };
  const instrument = expanded(read.data);
  const findings = instrumentFlaws(instrument).map(({ path, at, message, remedy }): Finding => {
    return {
      severity: 'error',
      rule: 'instrument/rule',
      place: source.place(path, at),
      message,
      remedy,
      issue: 'business-rule',
    };
  });
  return findings.length > 0 ? { findings } : { instrument, findings };
}

function expanded(file: InstrumentFile): Instrument {
  const items = file.items.flatMap(expandedItem);
  const all = items.map(({ linkId }) => linkId);
  return {
    ...file,
    url: questionnaireUrl(file.instrument),
    items,
    scores: file.scores.map((one) => scoreOf(one, file, all)),
  };
}

function expandedItem(item: InstrumentFile['items'][number]): InstrumentItem[] {
  if ('linkId' in item) return [item];
  const { linkIds, ...same } = item;
  const [first = 1, last = 0] = linkIds.split('-').map(Number);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
    linkId: String(first + index),
    ...same,
  }));
}

function scoreOf(
  score: InstrumentFile['scores'][number],
  file: InstrumentFile,
  all: readonly string[],
): InstrumentScore {
  const local = { system: OUTCOME_SCORE_SYSTEM, code: `${file.instrument}-${score.id}`, display: score.title };
  return {
    ...score,
    items: score.rule === 'given' ? [] : (score.items ?? all),
    direction: score.direction ?? file.direction,
    code: score.code ?? local,
    national: score.code !== undefined,
  };
}

/* ------------------------------------------------------------------ what is wrong with the shape */

type Issue = z.core.$ZodIssue;

function shapeFindings(issue: Issue, source: YamlPlaces): Finding[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      finding(
        source,
        { path: [...path, key], at: 'key' },
        `There is no key "${key}" in an instrument here.`,
        'Remove it, or mend its name: docs/outcomes.md lists the keys.',
      ),
    );
  }
  const name = path.at(-1) ?? 'the file';
  return [finding(source, { path }, `What stands at "${name}" is missing or not what belongs there.`, wanted(issue))];
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Write ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}; texts that look like numbers stand in quotes.`;
    case 'invalid_value':
      return `Write ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}.`;
    default:
      return 'Write it as docs/outcomes.md has it.';
  }
}

interface Spot {
  readonly path: YamlPath;
  readonly at?: 'key';
}

function finding(source: YamlPlaces, { path, at }: Spot, message: string, remedy: string): Finding {
  return {
    severity: 'error',
    rule: 'instrument/shape',
    place: source.place(path, at),
    message,
    remedy,
    issue: 'structure',
  };
}

const NO_YAML = ({ flaw = {} }: YamlPlaces): Finding => ({
  severity: 'error',
  rule: 'instrument/yaml',
  place: flaw,
  message: 'The file is not valid YAML here.',
  remedy: 'Look at indentation, quotes and colons at this place and before it.',
  issue: 'structure',
});
