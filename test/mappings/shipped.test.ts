import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../src/adapters/fhir-rest/r4-definitions.ts';
import { readReport } from '../../src/core/loop/read-report.ts';
import { runCases } from '../../src/core/mapping/cases.ts';
import { type CompiledMapping, compileMapping } from '../../src/core/mapping/compile.ts';
import { pairCases } from '../../src/core/mapping/pair-cases.ts';
import { parseMapping } from '../../src/core/mapping/parse.ts';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';

const project = join(import.meta.dirname, '../..');

function filesBelow(directory: string, endings: readonly string[]): { file: string; text: string }[] {
  const root = join(project, directory);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

const { terminology, findings: terminologyFindings } = buildTerminology(filesBelow('terminology', ['.json']));
const { mappings, findings: pairFindings } = pairCases(filesBelow('mappings', ['.yaml', '.json', '.hl7']));

function compiled({ file, text }: { file: string; text: string }): CompiledMapping {
  const { source, findings } = parseMapping(text, `mappings/${file}`);
  expect(findings).toEqual([]);
  if (source === undefined) throw new Error(file);
  const compilation = compileMapping(source, { terminology, elements: loadR4Model() });
  expect(compilation.findings.filter(({ severity }) => severity !== 'information')).toEqual([]);
  if (compilation.mapping === undefined) throw new Error(file);
  return compilation.mapping;
}

describe('the shipped terminology', () => {
  it('has nothing wrong with it', () => expect(terminologyFindings).toEqual([]));
});

describe('the shipped mappings', () => {
  it('have a case each, and each case its mapping', () => {
    expect(pairFindings).toEqual([]);
    expect(mappings.map(({ file }) => file)).toEqual([
      'casework/cancel.map.yaml',
      'casework/referral.map.yaml',
      'casework/report.map.yaml',
      'casework/update.map.yaml',
      'hl7v2/ref-i12.map.yaml',
      'springboard/cancel.map.yaml',
      'springboard/referral.map.yaml',
      'springboard/report.map.yaml',
    ]);
  });

  it.each(mappings.map((one) => [one.file, one] as const))('%s does what its cases say', (_file, one) => {
    const failed = runCases(compiled(one), one.cases).filter(({ differences }) => differences.length > 0);
    expect(failed).toEqual([]);
  });

  it.each(mappings.map((one) => [one.file, one] as const))(
    '%s is shown free text that looks like code',
    (_file, one) => {
      const hostile = one.cases.filter(({ input }) => JSON.stringify(input).includes('{{ 1+1 }}'));
      expect(hostile.length).toBeGreaterThan(0);
      expect(hostile.every(({ expect: expected }) => JSON.stringify(expected).includes('{{ 1+1 }}'))).toBe(true);
    },
  );

  it('cover the starter list of needs: every listed need is mapped or written down as unmatched', () => {
    const file = readFileSync(join(project, 'terminology/value-set-social-prescribing-needs.json'), 'utf8');
    const set: { compose: { include: { system: string; concept?: { code: string }[] }[] } } = JSON.parse(file);
    const codes = set.compose.include.flatMap(({ system, concept = [] }) =>
      concept.map(({ code }) => ({ system, code })),
    );
    expect(codes.length).toBeGreaterThan(30);
    for (const map of ['needs-to-casework', 'needs-to-springboard']) {
      const unknown = codes.filter(({ system, code }) => terminology.translate(map, system, code).kind === 'unknown');
      expect(unknown).toEqual([]);
    }
  });

  it.each(mappings.filter(({ file }) => file.endsWith('/report.map.yaml')).map((one) => [one.file, one] as const))(
    '%s makes reports that can be read',
    (_file, one) => {
      const given = { receivedAt: '2026-11-21T10:00:05.000Z', partner: 'bromley-well' };
      const reports = one.cases.filter((each) => each.expect !== undefined);
      expect(reports.length).toBeGreaterThan(3);
      for (const { expect: report, name } of reports) {
        const { findings } = readReport(report, given);
        expect({ name, findings: findings.filter(({ severity }) => severity === 'error') }).toEqual({
          name,
          findings: [],
        });
      }
    },
  );
});
