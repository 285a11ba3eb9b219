import { describe, expect, it } from '@jest/globals';
import { buildTerminology } from '../../../../src/core/terminology/build-terminology.ts';
import { DAMAGED_SYSTEM } from '../../../../src/core/terminology/choose-codings.ts';
import { chooseInContent } from '../../../../src/core/terminology/choose-in-content.ts';
import { withDecision } from '../../../../src/core/terminology/partner-decision.ts';
import { shippedFiles, shippedTerminology } from '../../../fixtures/terminology/shipped.ts';

const SNOMED = 'http://snomed.info/sct';
const READ = 'http://read.info/readv2';
const CTV3 = 'http://read.info/ctv3';
const EMIS = 'https://fhir.hl7.org.uk/Id/egton-codes';
const shipped = shippedTerminology();

type Coding = Readonly<Record<string, unknown>>;
const request = (element: 'code' | 'reasonCode', ...coding: Coding[]) => ({
  resourceType: 'ServiceRequest',
  [element]: element === 'code' ? { coding } : [{ coding, text: 'in words' }],
});
const choose = (content: unknown, terminology = shipped, partner = 'riverside') =>
  chooseInContent(content, { terminology, partner });
const codingsIn = (content: unknown): unknown =>
  JSON.parse(JSON.stringify(content), (_, value) => value?.coding ?? value);

describe('a code of a legacy system', () => {
  it.each([
    [READ, '8T09.', '871731000000106'],
    [READ, '8T09.00', '871731000000106'],
    [CTV3, 'XaaEC', '871731000000106'],
    [EMIS, 'ESCTSI80', '1084431000000106'],
  ])('%s|%s becomes %s and stands beside it', (system, code, snomed) => {
    const { content, open, findings } = choose(request('code', { system, code }));
    expect(codingsIn(content)).toMatchObject({
      code: [
        { system: SNOMED, code: snomed },
        { system, code },
      ],
    });
    expect(open).toEqual([]);
    expect(findings).toMatchObject([
      { severity: 'information', rule: 'code/translated', place: { expression: 'ServiceRequest.code.coding[0]' } },
    ]);
    expect(findings[0]?.message).toMatch(/ConceptMap\/\S+-to-snomed version 1\.0\.0/);
    // Choosing again changes nothing.
    expect(choose(content).content).toBe(content);
  });

  it('of one scheme says nothing in another', () => {
    expect(choose(request('reasonCode', { system: CTV3, code: '8T09.' })).open).toMatchObject([
      { open: { map: 'ctv3-to-snomed' } },
    ]);
  });

  it('is told from another by its case', () => {
    // Matched by label only: a person must confirm it.
    expect(choose(request('reasonCode', { system: READ, code: '918A.' })).open).toMatchObject([
      { use: 'need', open: { code: '918A.', candidates: ['224484003'], damaged: false } },
    ]);
    // Written down as without a counterpart: carried as it is.
    const other = request('reasonCode', { system: READ, code: '918a.' });
    expect(choose(other)).toMatchObject({ open: [], findings: [] });
    expect(choose(other).content).toBe(other);
  });

  it('is not asked about where a sound SNOMED CT coding says what is meant, or where it says no need', () => {
    const both = request('reasonCode', { system: READ, code: 'Zzzz.' }, { system: SNOMED, code: '267076002' });
    expect(choose(both)).toMatchObject({ open: [], findings: [] });
    expect(choose(both).content).toBe(both);
    const observation = { resourceType: 'Observation', code: { coding: [{ system: READ, code: 'Zzzz.' }] } };
    expect(choose(observation).open).toEqual([]);
  });

  it('that nobody knows is open where it says what the need is, in any system', () => {
    expect(choose(request('reasonCode', { system: EMIS, code: 'EMISNQXX1' })).open).toMatchObject([
      { use: 'need', open: { map: 'emis-to-snomed', system: EMIS, code: 'EMISNQXX1' } },
    ]);
    expect(choose(request('reasonCode', { system: 'urn:own', code: 'x' })).open).toMatchObject([
      { open: { map: 'local-to-snomed' } },
    ]);
  });
});

describe('a damaged SNOMED CT code', () => {
  const harmed = (display?: string) => ({ system: SNOMED, code: '1364141000000100', ...(display && { display }) });

  it('is open with its proposal, and is not changed', () => {
    const content = request('reasonCode', harmed());
    const chosen = choose(content);
    expect(chosen.content).toBe(content);
    expect(chosen.open).toMatchObject([{ use: 'need', open: { candidates: ['1364141000000107'], damaged: true } }]);
    expect(chosen.findings).toMatchObject([{ severity: 'warning', rule: 'code/damaged' }]);
    expect(chosen.findings[0]?.message).toContain('1364141000000107');
  });

  it('is read as the only candidate when its display is that code’s, and kept under another system', () => {
    const { content, open, findings } = choose(request('reasonCode', harmed('Unpaid caregiver (person)')));
    expect(codingsIn(content)).toMatchObject({
      reasonCode: [
        [
          { system: SNOMED, code: '1364141000000107' },
          { system: DAMAGED_SYSTEM, code: '1364141000000100', display: 'Unpaid caregiver (person)' },
        ],
      ],
    });
    expect([open, findings[0]?.rule]).toEqual([[], 'code/repaired']);
  });

  it('beside a sound one is reported, and asks nobody', () => {
    const { open, findings } = choose(
      request('code', harmed(), { system: SNOMED, code: '824421000000101', display: 'x' }),
    );
    expect([open, findings[0]?.rule]).toEqual([[], 'code/damaged']);
  });

  it('is never repaired when the rule is never', () => {
    const files = shippedFiles().map((one) =>
      one.file.endsWith('coding-choice.json') ? { ...one, text: one.text.replace('display-agrees', 'never') } : one,
    );
    const { terminology } = buildTerminology(files);
    expect(choose(request('reasonCode', harmed('Unpaid caregiver (person)')), terminology).open).toHaveLength(1);
  });
});

describe('what a person decided for one sender', () => {
  const base = { partner: 'riverside', map: 'read-v2-to-snomed', system: READ, target: SNOMED };
  const said = { reason: 'checked with the practice', by: 'user:pat', at: '2026-11-25T10:00:00.000Z', hold: 'h1' };
  const file = 'terminology/partners/riverside/concept-map-read-v2-to-snomed.json';
  const decided = (text: string) => buildTerminology([...shippedFiles(), { file, text, partner: 'riverside' }]);

  it('comes before the general map, for that sender only', () => {
    const to = { code: '224484003', equivalence: 'wider' };
    const { terminology, findings } = decided(withDecision(undefined, { ...base, ...said, code: '918A.', to }));
    expect(findings).toEqual([]);
    const need = request('reasonCode', { system: READ, code: '918A.' });
    expect(choose(need, terminology)).toMatchObject({ open: [], findings: [{ rule: 'code/translated' }] });
    expect(choose(need, terminology).findings[0]?.message).toMatch(/partners\/riverside version 1.*wider/);
    expect(choose(need, terminology, 'hillview').open).toHaveLength(1);
  });

  it('is one file in a fixed order, with who, when and why; a later decision takes the place of an earlier one', () => {
    const first = withDecision(undefined, { ...base, ...said, code: 'Zb...' });
    const second = withDecision(first, {
      ...base,
      ...said,
      code: 'Za...',
      to: { code: '81877007', equivalence: 'equal' },
    });
    const other = withDecision(
      withDecision(undefined, { ...base, ...said, code: 'Za...', to: { code: '81877007', equivalence: 'equal' } }),
      { ...base, ...said, code: 'Zb...' },
    );
    expect(second).toBe(other);
    expect(JSON.parse(second).group[0].element.map(({ code }: Coding) => code)).toEqual(['Za...', 'Zb...']);
    expect(second).toContain('"valueString": "user:pat"');
    const again = withDecision(second, { ...base, ...said, code: 'Za...' });
    expect(JSON.parse(again)).toMatchObject({ version: '3' });
    expect(decided(again).terminology.translate(base.map, READ, 'Za...', 'riverside')).toMatchObject({
      kind: 'unmatched',
      comment: said.reason,
    });
  });
});
