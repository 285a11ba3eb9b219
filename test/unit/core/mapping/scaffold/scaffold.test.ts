import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { runCases } from '../../../../../src/core/mapping/cases.ts';
import { compileLibrary } from '../../../../../src/core/mapping/library.ts';
import { pairCases } from '../../../../../src/core/mapping/pair-cases.ts';
import type { Scaffold } from '../../../../../src/core/mapping/scaffold/inward.ts';
import { scaffoldInward } from '../../../../../src/core/mapping/scaffold/inward.ts';
import { scaffoldOutward } from '../../../../../src/core/mapping/scaffold/outward.ts';
import { NO_CODES } from '../../../../../src/core/terminology/code-book.ts';
import type { Terminology } from '../../../../../src/core/terminology/terminology.ts';

const terminology: Terminology = {
  translate: () => ({ kind: 'match', system: 'urn:s', code: 'in-progress', equivalence: 'equal' }),
  member: () => 'unknown',
  hasMap: () => true,
  hasValueSet: () => false,
  codes: NO_CODES,
};

/** Checks a scaffold as it would stand in a directory, and runs its case. */
function tried(name: string, { mapping, case: one }: Scaffold) {
  const files = [
    { file: `${name}.map.yaml`, text: mapping },
    { file: `${name}.sample.case.yaml`, text: one },
  ];
  const library = compileLibrary(files, 'mappings', { terminology, elements: loadR4Model() });
  const paired = pairCases(files);
  const errors = [...library.findings, ...paired.findings].filter(({ severity }) => severity === 'error');
  const [compiled] = library.mappings;
  if (compiled === undefined || errors.length > 0) throw new Error(JSON.stringify(errors));
  const cases = paired.mappings.flatMap((each) => each.cases);
  return { failed: runCases(compiled.mapping, cases).flatMap(({ differences }) => differences), run: compiled.mapping };
}

describe('a scaffold for what a platform sends', () => {
  const sample = {
    caseId: 'K-1',
    referral: { 'gp-reference': 'ref-1', status: 'joined in', div: 'x' },
    lastUpdated: '2026-11-21',
    staff: [{ worker: 'Ayo' }],
    comments: 'She said: {{ 1+1 }}\n- "fine"',
  };
  const made = scaffoldInward('kettle/report', sample);

  it('is right but for the concept map that only a person can write, and its case holds', () => {
    expect(tried('kettle/report', made).failed).toEqual([]);
    expect(made.next).toEqual([expect.stringContaining('kettle-report-status-to-loop-state')]);
  });

  it('finds by their names what a report needs, in names of any signs too', () => {
    expect(made.mapping).toContain('order: "{{ referral.`gp-reference` }}" # guessed');
    expect(made.mapping).toContain("{{ referral.status.translateCoding('kettle-report-status-to-loop-state') }}");
    expect(made.mapping).toContain('#   referral.`div`');
  });

  it('reads the trees of XML, and takes what the platform calls its own reference for that', () => {
    const tree = {
      Update: { '@status': 'Matched', OurRef: 'BF-7', YourRef: 'ref-9', Date: '3/11/2026', N: { '#text': 'x' } },
    };
    const xml = scaffoldInward('kettle/report', tree, 'xml');
    expect(tried('kettle/report', xml).failed).toEqual([]);
    expect(xml.mapping).toContain('from: xml\n');
    expect(xml.mapping).toContain('order: "{{ Update.YourRef }}" # guessed');
    expect(xml.mapping).toContain('{{ Update.`@status`.translateCoding(');
    expect(xml.mapping).toContain('value: "{{ Update.OurRef }}" # guessed');
    expect(xml.mapping).toContain('lastModified: "{{ Update.Date.isoDate() }}" # guessed');
  });

  it('says what it could not find instead of guessing it', () => {
    const bare = scaffoldInward('kettle/report', { colour: 'red' });
    expect(bare.next.slice(0, 2)).toEqual([expect.stringContaining('reference'), expect.stringContaining('status')]);
    expect(tried('kettle/report', bare).failed.map(({ actual }) => actual)).toContain('"mapping/required"');
  });
});

describe('a scaffold for what a platform wants', () => {
  const sample = {
    event: 'new-member',
    'client-details': { first_name: '…', surname: '…', dob: '01/02/1950', born_birthDate: '1950-02-01' },
    contacts: [{ phone: '…' }],
    reasons: ['…'],
    shoe_size: 42,
  };
  const made = scaffoldOutward('kettle/referral', sample);

  it('is right, and its case holds', () => expect(tried('kettle/referral', made).failed).toEqual([]));

  it('has the shape of the sample, with what could not be guessed left open', () => {
    expect(tried('kettle/referral', made).run.discloses).toEqual(['birthDate', 'name', 'telecom']);
    expect(made.next).toEqual(['Fill in /shoe_size, or remove it.']);
    expect(made.mapping).toContain('  "client-details":\n    first_name:');
    expect(made.mapping).toContain('dob: "{{ %patient.birthDate.ukDate() }}" # guessed');
    expect(made.mapping).toContain('born_birthDate: "{{ %patient.birthDate }}" # guessed');
    expect(made.mapping).toContain('    - phone:');
    expect(made.mapping).toContain('shoe_size: null # fill in');
  });

  it('makes XML with attributes, and forms with one value a name', () => {
    const xml = scaffoldOutward('kettle/referral', { Referral: { '@reference': '…', Need: ['a', 'b'] } }, 'xml');
    expect(tried('kettle/referral', xml).failed).toEqual([]);
    expect(xml.mapping).toContain('to: xml\n');
    expect(xml.mapping).toContain('"@reference": "{{ %referral }}" # guessed');
    const form = scaffoldOutward('kettle/referral', { ref: '…', need: ['1', '2'] }, 'form');
    expect(tried('kettle/referral', form).failed).toEqual([]);
    expect(form.mapping).toContain('need: "{{ ');
  });
});
