import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { loadR4Model } from '../../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { openWorkspace } from '../../../../../src/cli/mappings-workspace.ts';
import { parseMapping } from '../../../../../src/core/mapping/parse.ts';
import { guideTable } from '../../../../../src/core/mapping/table/guide-table.ts';

const project = join(import.meta.dirname, '../../../../..');
const r4 = loadR4Model();

/** The rows of a mapping from HL7 v2 below the two heads, without its fields that nothing is made of. */
function rowsOf(body: string): string[][] {
  const text = `mapping: small\nversion: 1\nfrom: hl7v2\nto: fhir/referral\norder: "{{ PID.f3.c1 }}"\n${body}`;
  const { source } = parseMapping(text, 'mappings/small.map.yaml');
  if (source === undefined) throw new Error('the mapping is wrong');
  return read(guideTable(source, r4)).filter((row) => row[9] !== '' || row[18] !== '');
}

function read(csv: string): string[][] {
  const rows: string[][] = parse(csv);
  return rows.slice(2);
}

/** Identifier, condition, FHIR attribute, assignment, comment. */
const short = (rows: readonly string[][]) => rows.map((row) => [row[1], row[7], row[9], row[16], row[18]]);

const PATIENT = `result:
  resourceType: Bundle
  entry:
    - resource:
        resourceType: Patient
`;

describe('a mapping as a table of the HL7 v2-to-FHIR guide', () => {
  it('has a row for each component that becomes an element, with what both standards say of them', () => {
    const [family] = rowsOf(`${PATIENT}        name:\n          - family: "{{ PID.f5.c1 }}"\n`);
    expect(family).toEqual([
      ...['5', 'PID-5.1', 'Patient Name', 'XPN', '1', '-1', '', '', '', 'Patient.name.family', ''],
      ...['string', '0', '1', '', '', '', '', ''],
    ]);
  });

  it('knows what variables, loops, fragments of paths and functions read', () => {
    const rows = rowsOf(`let:
  pid: "{{ PID.first() }}"
  number: "{{ (RF1.f6.c3 | RF1.f11.c1).first() }}"
${PATIENT}        identifier:
          - value: "{{ %number }}"
        birthDate: "{{ %pid.f7.c1.hl7Date() }}"
        telecom:
          "{% for phone in %pid.f13.where(c2 = 'PRN') %}":
            value: "{{ iif(%phone.c12.exists(), %phone.c12, %phone.c1) }}"
`);
    expect(short(rows)).toEqual([
      ['RF1-6.3', '', 'Patient.identifier.value', '', '(RF1.f6.c3 | RF1.f11.c1).first()'],
      ['RF1-11.1', '', 'Patient.identifier.value', '', '(RF1.f6.c3 | RF1.f11.c1).first()'],
      ['PID-7.1', '', 'Patient.birthDate', '', 'PID.first().f7.c1.hl7Date()'],
      ...['PID-13.1', 'PID-13.12'].map((place) => [
        place,
        '',
        'Patient.telecom.value',
        '',
        "iif(%phone.c12.exists(), %phone.c12, %phone.c1); for each %phone in PID.first().f13.where(c2 = 'PRN')",
      ]),
    ]);
  });

  it('gives constants to the places that decide about them, with what must hold', () => {
    const rows = rowsOf(`let:
  cancelled: "{{ MSH.f9.c2 = 'I14' }}"
${PATIENT}        active: true
        "{% if PID.f8.c1 = 'F' %}":
          gender: female
        "{% else %}":
          "{% if %cancelled %}":
            gender: unknown
        name: []
`);
    expect(short(rows)).toEqual([
      ['MSH-9.2', "((PID.f8.c1 = 'F').not()) and (MSH.f9.c2 = 'I14')", 'Patient.gender', '"unknown"', ''],
      ['PID-8.1', "PID.f8.c1 = 'F'", 'Patient.gender', '"female"', ''],
      ['', '', 'Patient.active', 'true', ''],
    ]);
  });

  it('says of fields that only decide that they are read', () => {
    const rows = rowsOf(`${PATIENT}        name:\n          - family: "{{ PID.where(f1.c1 = '1').f5.c1 }}"\n`);
    expect(short(rows)).toContainEqual(['PID-1', '', '', '', 'Read in the conditions of other rows.']);
  });

  it('names concept maps', () => {
    const maps = "maps:\n  sexes: { system: 'urn:sex', onNoMatch: hold }\n";
    const [row] = rowsOf(`${maps}${PATIENT}        gender: "{{ PID.f8.c1.translate('sexes') }}"\n`);
    expect([row?.[9], row?.[15]]).toEqual(['Patient.gender', 'sexes']);
  });
});

describe('docs/ref-i12.csv', () => {
  const kept = join(project, 'docs/ref-i12.csv');
  const table = async () => {
    const directories = { mappings: join(project, 'mappings'), terminology: join(project, 'terminology') };
    const { mappings } = await openWorkspace(directories);
    const found = mappings.find(({ mapping }) => mapping.name === 'hl7v2/ref-i12');
    if (found === undefined) throw new Error('no mapping hl7v2/ref-i12');
    return guideTable(found.source, r4);
  };

  it('is what the mapping is (UPDATE_DOCS=1 rewrites it)', async () => {
    const current = await table();
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(kept, current);
    expect(readFileSync(kept, 'utf8')).toBe(current);
  });

  it('has the guide’s columns, and both standards’ words for everything that is mapped', async () => {
    const rows: string[][] = parse(await table());
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([19]));
    expect(rows[1]?.slice(0, 10).join()).toBe(
      'Sort Order,Identifier,Name,Data Type,Cardinality - Min,Cardinality - Max,Computable ANTLR,Computable FHIRPath,Narrative,FHIR Attribute',
    );
    const mapped = rows.slice(2).filter((row) => row[9] !== '');
    expect(mapped.length).toBeGreaterThan(80);
    for (const row of mapped) {
      const [, identifier = '', name, type] = row;
      expect([row[9], row[11]]).toEqual([row[9], expect.stringMatching(/./)]);
      if (identifier.includes('-')) expect([identifier, name, type]).not.toContain('');
    }
    const read = new Set(mapped.map((row) => row[1]));
    for (const place of ['RF1-6.1', 'PID-3.1', 'PID-5.1', 'PRD-2.1', 'DG1-3.1', 'PR1-3.1', 'NTE-3.1', 'OBX-5.5'])
      expect(read).toContain(place);
  });
});
