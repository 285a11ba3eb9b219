import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asFiled, dictionaryOf, readDictionary } from '../../../../docker/simulators/gp-emis-style/dictionary.ts';
import { type EmisStyle, startEmisStyle } from '../../../../docker/simulators/gp-emis-style/practice.ts';
import { NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { ENTRY, fhirDoor, MARIGOLD, score, TOKEN } from '../../../fixtures/simulators/fhir-door.ts';

const SWEMWBS = '718466001';
const SNOMED = 'http://snomed.info/sct';

let practice: EmisStyle;
let door: ReturnType<typeof fhirDoor>;
beforeEach(async () => {
  practice = await startEmisStyle({ port: 0, token: TOKEN, patients: [MARIGOLD], dictionary: dictionaryOf([SWEMWBS]) });
  door = fhirDoor(practice.address);
});
afterEach(() => practice.stop());

const UNKNOWN = { coding: [{ system: SNOMED, code: '720433000', display: 'PHQ-9 score' }], text: 'PHQ-9' };

describe('a code that the site does not resolve', () => {
  it('is dropped with the structured value, the text is filed, and the answer is that of success', async () => {
    const answer = await door.write(score('one', { code: UNKNOWN }));
    expect(answer.status).toBe(200);
    expect(answer.body.entry).toMatchObject([{ response: { status: '201 Created' } }]);
    expect(answer.text).not.toContain('OperationOutcome');
    const [held] = await door.find(`Observation?identifier=${ENTRY}|one`);
    expect(held).toMatchObject({ code: { text: 'PHQ-9' }, valueString: '19 score' });
    expect(held).not.toHaveProperty('code.coding');
    expect(held).not.toHaveProperty('valueQuantity');
  });

  it('is not found by its code any more, but by its patient', async () => {
    await door.write(score('one', { code: UNKNOWN }));
    expect(await door.find(`Observation?code=${SNOMED}|720433000`)).toEqual([]);
    expect(
      await door.find(`Observation?subject:identifier=https://fhir.nhs.uk/Id/nhs-number|${NHS_NUMBER}`),
    ).toHaveLength(1);
  });

  it('leaves the display as the text when there is no other', () => {
    const { text: _, ...code } = UNKNOWN;
    expect(asFiled(score('x', { code }), dictionaryOf([]))).toMatchObject({ code: { text: 'PHQ-9 score' } });
  });

  it('is not saved by a known code behind it: only the primary one is looked up', () => {
    const [known] = score('x').code.coding ?? [];
    const both = { coding: [{ system: 'https://example.org/local', code: 'L1', display: 'Local' }, known ?? {}] };
    expect(asFiled(score('x', { code: both }), dictionaryOf([SWEMWBS]))).toMatchObject({ code: { text: 'Local' } });
    const selected = { coding: [both.coding[0] ?? {}, { ...known, userSelected: true }] };
    const filed = asFiled(score('x', { code: selected }), dictionaryOf([SWEMWBS]));
    expect(filed).toMatchObject({ code: { coding: [{ code: SWEMWBS }] }, valueQuantity: { value: 19 } });
  });

  it('takes components with it into the text', () => {
    const component = [{ code: { text: 'Systolic' }, valueQuantity: { value: 120, unit: 'mmHg' } }];
    const { valueQuantity: _, ...whole } = score('x', { code: UNKNOWN, component });
    const filed = asFiled(whole, dictionaryOf([]));
    expect(filed).toMatchObject({ valueString: 'Systolic: 120 mmHg' });
    expect(filed).not.toHaveProperty('component');
  });

  it('makes no new version when it comes again', async () => {
    await door.write(score('one', { code: UNKNOWN }));
    await door.write(score('one', { code: UNKNOWN }));
    expect([...practice.record.versions().values()]).toEqual([1]);
  });
});

describe('a code that the site resolves', () => {
  it('is kept with value, unit, date and performer', async () => {
    await door.write(score('one'));
    const [held] = await door.find(`Observation?identifier=${ENTRY}|one`);
    expect(held).toMatchObject({
      code: { coding: [{ system: SNOMED, code: SWEMWBS }] },
      valueQuantity: { value: 19, unit: 'score' },
      effectiveDateTime: '2026-11-20T10:00:00+00:00',
      performer: [{ display: 'Sam Okoro' }, { display: 'Riverside Casework' }],
    });
  });

  it('stands in the record as a coded entry, the other as text only', async () => {
    await door.write(score('one'), score('two', { code: UNKNOWN }));
    const [consultation] = practice.record.patient(NHS_NUMBER).consultations;
    expect(consultation?.author).toBe('Sam Okoro, Riverside Casework');
    expect(consultation?.entries).toMatchObject([
      { code: SWEMWBS, system: SNOMED, value: '19', unit: 'score' },
      { term: 'PHQ-9', value: '19 score' },
    ]);
    expect(consultation?.entries[1]).not.toHaveProperty('code');
  });
});

describe('a dictionary file', () => {
  it('names a code at the beginning of each line', () => {
    const dictionary = readDictionary('# these\n\n718466001 SWEMWBS\r\n  720433000\n');
    expect(['718466001', '720433000', 'these'].map((code) => dictionary.resolves({ system: SNOMED, code }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(dictionary.resolves({ system: 'https://example.org/local', code: '718466001' })).toBe(false);
  });

  it('of the demonstration resolves a referral and not a decline', () => {
    const file = join(import.meta.dirname, '../../../../docker/simulators/gp-emis-style/dictionary.txt');
    const dictionary = readDictionary(readFileSync(file, 'utf8'));
    expect(dictionary.resolves({ system: SNOMED, code: '871731000000106' })).toBe(true);
    expect(dictionary.resolves({ system: SNOMED, code: '871711000000103' })).toBe(false);
  });
});
