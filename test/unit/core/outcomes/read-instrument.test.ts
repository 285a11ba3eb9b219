import { describe, expect, it } from '@jest/globals';
import { buildInstruments } from '../../../../src/core/outcomes/instrument-set.ts';
import { readInstrument } from '../../../../src/core/outcomes/read-instrument.ts';
import { testInstruments } from '../../../../src/core/outcomes/test-instruments.ts';

const SOUND = `instrument: mood
version: 1.0.0
title: Mood
names: [Mood]
kind: bespoke
direction: higher-better
source: a test
licence: { itemText: external, statement: none }
items:
  - { linkIds: "1-3", min: 0, max: 4 }
scores:
  - { id: total, title: Mood score, rule: sum, min: 0, max: 12 }
`;

const wrong = (from: string, to: string) =>
  readInstrument(SOUND.replace(from, to), 'mood.instrument.yaml').findings.map(
    ({ rule, place: { line, column }, message }) => ({ rule, line, column, message }),
  );

describe('an instrument file', () => {
  it('is read, its items spelled out, its score under a local code', () => {
    const { instrument, findings } = readInstrument(SOUND, 'mood.instrument.yaml');
    expect(findings).toEqual([]);
    expect(instrument?.items.map(({ linkId }) => linkId)).toEqual(['1', '2', '3']);
    expect(instrument?.scores[0]).toMatchObject({
      national: false,
      items: ['1', '2', '3'],
      code: { system: 'https://hearback.example/fhir/CodeSystem/outcome-score', code: 'mood-total' },
    });
  });

  it.each([
    ['kind: bespoke', 'kind: bespoken', { rule: 'instrument/shape', line: 5, column: 7 }],
    ['direction: higher-better\n', '', { rule: 'instrument/shape', line: 1 }],
    ['title: Mood\n', 'title: Mood\ncolour: red\n', { rule: 'instrument/shape', line: 4, column: 1 }],
    ['version: 1.0.0', 'version: 1', { rule: 'instrument/shape', line: 2, column: 10 }],
    ['max: 12', 'max: 13', { rule: 'instrument/rule', line: 12 }],
    ['rule: sum', 'rule: sum, items: ["9"]', { rule: 'instrument/rule', line: 12 }],
    ['min: 0, max: 4', 'min: 0, max: 4, text: How are you?', { rule: 'instrument/rule', line: 10 }],
    ['items:', 'checks: { item-rang: tell }\nitems:', { rule: 'instrument/rule', line: 9, column: 11 }],
    ['items:', 'variant: ours\nitems:', { rule: 'instrument/rule' }],
    ['names: [Mood]', 'names: [Mood', { rule: 'instrument/yaml' }],
    [
      'items:',
      'urgent: [{ item: "7", concern: self-harm, source: a test }]\nitems:',
      { rule: 'instrument/rule', line: 9 },
    ],
  ])('with %s as %s is refused with its place', (from, to, expected) => {
    expect(wrong(from, to)).toContainEqual(expect.objectContaining(expected));
  });

  it('never throws, whatever it holds', () => {
    for (const text of ['', '- 1', 'a: &a [*a]', '\u0000', 'instrument: [', 'true', '{}'])
      expect(readInstrument(text, 'x.instrument.yaml').findings.length).toBeGreaterThan(0);
  });
});

describe('a set of instruments', () => {
  const file = (name: string, text = SOUND) => ({ file: `instruments/${name}.instrument.yaml`, text });

  it('has no two that mean the same name, url or code', () => {
    const { findings } = buildInstruments([
      file('mood'),
      file('mood-2', SOUND.replace('instrument: mood', 'instrument: mood-2')),
    ]);
    expect(findings).toMatchObject([
      { rule: 'instrument/clash', place: { file: 'instruments/mood-2.instrument.yaml', line: 1 } },
    ]);
  });

  it('calls files as their instruments are called', () => {
    expect(buildInstruments([file('moods')]).findings).toMatchObject([{ rule: 'instrument/clash' }]);
  });

  it('wants worked examples of each, and says where one is malformed', () => {
    expect(testInstruments([file('mood')]).findings).toMatchObject([{ rule: 'instrument/examples' }]);
    const examples = {
      file: 'instruments/mood.examples.yaml',
      text: 'instrument: mood\nexamples:\n  - { name: x, answer: [1], expect: {} }\n',
    };
    expect(testInstruments([file('mood'), examples]).findings).toContainEqual(
      expect.objectContaining({ rule: 'instrument/examples', place: expect.objectContaining({ line: 3 }) }),
    );
  });

  it('lets an instrument tell what another holds', () => {
    const examples = (held: boolean) => ({
      file: 'instruments/mood.examples.yaml',
      text: `instrument: mood\nexamples:\n  - { name: x, answers: [1, 1, 1], stated: [{ score: total, value: 4 }], expect: { ${held ? '' : 'scores: { total: 4 }, '}findings: [total-differs], held: ${held} } }\n`,
    });
    const differences = (text: string, held: boolean) =>
      testInstruments([file('mood', text), examples(held)]).results.flatMap((one) => one.differences);
    expect(differences(SOUND, true)).toEqual([]);
    expect(differences(`${SOUND}checks: { total-differs: tell }\n`, false)).toEqual([]);
  });
});
