import { describe, expect, it } from '@jest/globals';
import { buildTerminology } from '../../../../src/core/terminology/build-terminology.ts';

const SNOMED = 'http://snomed.info/sct';
const LONELY = { code: '267076002', target: [{ code: 'company', display: 'Company', equivalence: 'wider' }] };
const ALONE = { code: '105529008', target: [{ equivalence: 'unmatched', comment: 'a circumstance' }] };

function file(resource: object, name = 'a.json') {
  return { file: name, text: JSON.stringify(resource) };
}

function conceptMap(elements: readonly object[], group: object = {}, id = 'needs') {
  const url = `urn:map:${id}`;
  return {
    resourceType: 'ConceptMap',
    id,
    url,
    group: [{ source: SNOMED, target: 'urn:words', element: elements, ...group }],
  };
}

function valueSet(compose: object) {
  return { resourceType: 'ValueSet', id: 'set', url: 'urn:set', compose };
}

function faults(...resources: object[]): string[] {
  const files = resources.map((resource, index) => file(resource, `${index}.json`));
  return buildTerminology(files).findings.map(({ rule, place }) => `${rule} ${place.file}${place.expression}`);
}

describe('translate', () => {
  const { terminology, findings } = buildTerminology([file(conceptMap([LONELY, ALONE]))]);

  it('gives a match with how the two codes relate', () => {
    expect(findings).toEqual([]);
    const to = { system: 'urn:words', code: 'company', display: 'Company', equivalence: 'wider' };
    const match = { kind: 'match', ...to, map: { url: 'urn:map:needs' } };
    expect(terminology.translate('needs', SNOMED, '267076002')).toEqual(match);
    expect(terminology.translate('urn:map:needs', SNOMED, '267076002')).toEqual(match);
  });

  it('tells a written-down absence from a code that it does not know', () => {
    expect(terminology.translate('needs', SNOMED, '105529008')).toEqual({
      kind: 'unmatched',
      comment: 'a circumstance',
      map: { url: 'urn:map:needs' },
    });
    expect(terminology.translate('needs', SNOMED, '81877007')).toEqual({ kind: 'unknown' });
    expect(terminology.translate('needs', 'urn:other', '267076002')).toEqual({ kind: 'unknown' });
    expect(terminology.translate('elsewhere', SNOMED, '267076002')).toEqual({ kind: 'unknown' });
  });

  it('knows which maps there are', () => {
    expect([terminology.hasMap('needs'), terminology.hasMap('urn:map:needs'), terminology.hasMap('x')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('never matches on display or case', () => {
    expect(terminology.translate('needs', SNOMED, 'Feeling lonely')).toEqual({ kind: 'unknown' });
    const cased = buildTerminology([
      file(conceptMap([{ ...LONELY, code: 'Got help' }], { source: 'urn:s' })),
    ]).terminology;
    expect(cased.translate('needs', 'urn:s', 'got help')).toEqual({ kind: 'unknown' });
  });
});

describe('a concept map is refused', () => {
  const target = LONELY.target;
  it.each([
    [
      'for a SNOMED code with a wrong check digit',
      conceptMap([{ ...LONELY, code: '267076003' }]),
      'snomed-code 0.json/group/0/element/0/code',
    ],
    [
      'for a SNOMED code that names no concept',
      conceptMap([{ ...LONELY, code: 'lonely' }]),
      'snomed-code 0.json/group/0/element/0/code',
    ],
    [
      'for a code written as a number',
      conceptMap([{ ...LONELY, code: 267076002 }]),
      'code 0.json/group/0/element/0/code',
    ],
    [
      'for a wrong SNOMED target',
      conceptMap([{ code: 'x', target: [{ code: '1', equivalence: 'equal' }] }], { source: 'urn:s', target: SNOMED }),
      'snomed-code 0.json/group/0/element/0/target/0/code',
    ],
    ['for a code mapped twice', conceptMap([LONELY, LONELY]), 'duplicate 0.json/group/0/element/1'],
    [
      'for a code mapped twice and differently',
      conceptMap([LONELY, { ...LONELY, target: ALONE.target }]),
      'disagreement 0.json/group/0/element/1',
    ],
    [
      'for several targets',
      conceptMap([{ ...LONELY, target: [...target, ...target] }]),
      'several-targets 0.json/group/0/element/0/target',
    ],
    ['for no target', conceptMap([{ code: '267076002' }]), 'no-target 0.json/group/0/element/0/target'],
    [
      'for no equivalence',
      conceptMap([{ ...LONELY, target: [{ code: 'x' }] }]),
      'equivalence 0.json/group/0/element/0/target/0/equivalence',
    ],
    [
      'for a default',
      conceptMap([LONELY], { unmapped: { mode: 'fixed', code: 'other' } }),
      'no-default 0.json/group/0/unmapped',
    ],
    ['without a source system', conceptMap([LONELY], { source: undefined }), 'system 0.json/group/0/source'],
    [
      'without a target system',
      conceptMap([LONELY], { target: undefined }),
      'system 0.json/group/0/element/0/target/0',
    ],
    ['without an id', { ...conceptMap([]), id: undefined }, 'identity 0.json/id'],
    ['without a url', { ...conceptMap([]), url: undefined }, 'identity 0.json/url'],
  ])('%s', (_why, resource, fault) => expect(faults(resource)).toEqual([`terminology/${fault}`]));

  it('when another file holds the same', () => {
    expect(faults(conceptMap([LONELY]), { ...conceptMap([ALONE]), url: 'urn:x' })).toEqual([
      'terminology/duplicate-resource 1.json',
    ]);
    expect(faults(conceptMap([LONELY]), { ...conceptMap([ALONE]), id: 'x' })).toEqual([
      'terminology/duplicate-resource 1.json',
    ]);
  });

  it('says everything at once', () => {
    expect(
      faults(conceptMap([{ ...LONELY, code: '1' }, { code: '267076002' }]), conceptMap([LONELY, LONELY], {}, 'b')),
    ).toHaveLength(3);
  });
});

describe('a file is refused', () => {
  it('when it is no terminology resource', () => {
    expect(faults({ resourceType: 'Patient', id: 'p' })).toEqual(['terminology/resource-type 0.json/resourceType']);
    expect(faults([])).toEqual(['terminology/resource-type 0.json/resourceType']);
  });

  it('when it is no JSON, with line and column', () => {
    const { findings } = buildTerminology([{ file: 'a.json', text: '{\n  "a": }' }]);
    expect(findings).toMatchObject([{ severity: 'error', place: { file: 'a.json', line: 2, column: 8 } }]);
  });

  it('when a number in it has lost digits', () => {
    const { findings } = buildTerminology([
      { file: 'a.json', text: '{"resourceType":"ValueSet","id":"x","url":"u","n":871731000000106999}' },
    ]);
    expect(findings).not.toEqual([]);
  });
});

describe('member', () => {
  const lonely = { system: SNOMED, concept: [{ code: '267076002' }] };
  const refset = { system: SNOMED, filter: [{ property: 'concept', op: 'in', value: '1373501000000105' }] };
  const answers = (compose: object, ...others: object[]) => {
    const { terminology, findings } = buildTerminology([
      file(valueSet(compose)),
      ...others.map((other) => file(other, 'b.json')),
    ]);
    expect(findings).toEqual([]);
    return ['267076002', '81877007'].map((code) => terminology.member('set', SNOMED, code));
  };

  it('is yes for what is listed and no for what is not, when all members are listed', () => {
    expect(answers({ include: [lonely] })).toEqual(['yes', 'no']);
  });

  it('is unknown, never no, when members come from a release that is not loaded', () => {
    expect(answers({ include: [lonely, refset] })).toEqual(['yes', 'unknown']);
    expect(answers({ include: [refset] })).toEqual(['unknown', 'unknown']);
    expect(answers({ include: [{ system: SNOMED }] })).toEqual(['unknown', 'unknown']);
    expect(answers({ include: [{ valueSet: ['urn:x'] }] })).toEqual(['unknown', 'unknown']);
  });

  it('leaves out what is excluded, and is unknown when the exclusions are', () => {
    const both = { system: SNOMED, concept: [{ code: '267076002' }, { code: '81877007' }] };
    expect(answers({ include: [both], exclude: [lonely] })).toEqual(['no', 'yes']);
    expect(answers({ include: [both], exclude: [refset] })).toEqual(['unknown', 'unknown']);
  });

  it('is answered from an expansion when there is one', () => {
    const expansion = { total: 1, contains: [{ system: SNOMED, code: '267076002' }] };
    const set = { ...valueSet({ include: [refset] }), expansion };
    const { terminology } = buildTerminology([file(set)]);
    expect(terminology.member('set', SNOMED, '267076002')).toBe('yes');
    expect(terminology.member('urn:set', SNOMED, '81877007')).toBe('no');
    const cut = buildTerminology([file({ ...set, expansion: { ...expansion, total: 2 } })]).terminology;
    expect(cut.member('set', SNOMED, '81877007')).toBe('unknown');
  });

  it('is answered from a whole code system when its content is complete, nested codes included', () => {
    const system = {
      resourceType: 'CodeSystem',
      id: 's',
      url: 'urn:s',
      content: 'complete',
      concept: [{ code: 'a', concept: [{ code: 'b' }] }],
    };
    const whole = valueSet({ include: [{ system: 'urn:s' }] });
    const { terminology } = buildTerminology([file(whole), file(system, 's.json')]);
    expect(['a', 'b', 'c'].map((code) => terminology.member('set', 'urn:s', code))).toEqual(['yes', 'yes', 'no']);
    const partial = buildTerminology([file(whole), file({ ...system, content: 'fragment' }, 's.json')]).terminology;
    expect(partial.member('set', 'urn:s', 'c')).toBe('unknown');
  });

  it('is unknown for a value set that is not loaded', () => {
    const { terminology } = buildTerminology([]);
    expect([terminology.member('set', SNOMED, '1'), terminology.hasValueSet('set')]).toEqual(['unknown', false]);
  });

  it('refuses wrong and repeated codes', () => {
    expect(faults(valueSet({ include: [{ system: SNOMED, concept: [{ code: '267076003' }] }] }))).toEqual([
      'terminology/snomed-code 0.json/compose/include/0/concept/0/code',
    ]);
    expect(faults(valueSet({ include: [lonely, lonely] }))).toEqual(['terminology/duplicate 0.json/compose/include/1']);
    expect(faults(valueSet({ include: [{ ...lonely, concept: [...lonely.concept, ...lonely.concept] }] }))).toEqual([
      'terminology/duplicate 0.json/compose/include/0/concept/1/code',
    ]);
  });
});
