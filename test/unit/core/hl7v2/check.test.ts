import { describe, expect, it } from '@jest/globals';
import { verdictOf } from '../../../../src/core/hl7v2/acknowledge.ts';
import { readMessage } from '../../../../src/core/hl7v2/read.ts';
import { EXAMPLES, REF } from './example-messages.ts';

function findingsOf(text: string) {
  return readMessage(new TextEncoder().encode(text)).findings;
}

/** `error hl7v2/time PID-7.1`: severity, rule and place without its counts. */
function told(text: string): string[] {
  return findingsOf(text).map(({ severity, rule, place }) =>
    `${severity} ${rule} ${place.expression?.split(',')[0] ?? ''}`.trim(),
  );
}

describe('a message that is as it should be', () => {
  it.each(Object.keys(EXAMPLES))('has no findings: %s', (kind) => {
    expect(findingsOf(EXAMPLES[kind] ?? '')).toEqual([]);
  });
});

describe('the header', () => {
  it.each([
    ['|M-0001|', '||', ['error hl7v2/field-missing MSH-10']],
    ['|M-0001|', `|${'x'.repeat(200)}|`, ['error hl7v2/too-long MSH-10']],
    ['|P|2.4|', '||2.4|', ['error hl7v2/field-missing MSH-11']],
    ['|P|2.4|', '|X|2.4|', ['error hl7v2/processing-id MSH-11.1']],
    ['|P|2.4|', '|P||', ['error hl7v2/field-missing MSH-12']],
    ['|P|2.4|', '|P|3.0|', ['error hl7v2/version MSH-12.1']],
    ['|P|2.4|', '|D^A|2.3^GBR|', []],
    ['REF^I12^REF_I12', '', ['error hl7v2/field-missing MSH-9']],
    ['REF^I12^REF_I12', 'REF', ['error hl7v2/field-missing MSH-9.2']],
    ['REF^I12^REF_I12', 'REF^I99', ['error hl7v2/trigger-event MSH-9.2']],
    ['REF^I12^REF_I12', 'ORM^O01', ['error hl7v2/message-type MSH-9.1']],
    ['REF^I12^REF_I12', 'REF^I12^ORU_R01', ['warning hl7v2/message-structure MSH-9.3']],
    ['REF^I12^REF_I12', 'REF^I14', []],
    ['20260721132959+0100', 'yesterday', ['warning hl7v2/time MSH-7.1']],
  ])('with %s written as %s', (written, instead, expected) => {
    expect(told(REF.replace(written, instead))).toEqual(expected);
  });

  it('says which faults reject a message and which are errors in it', () => {
    const verdict = (written: string, instead: string) => verdictOf(findingsOf(REF.replace(written, instead)));
    expect(verdict('REF^I12^REF_I12', 'ORM^O01')).toBe('rejected');
    expect(verdict('|P|2.4|', '|P|3.0|')).toBe('rejected');
    expect(verdict('|M-0001|', '||')).toBe('error');
    expect(verdict('|19410509|', '|19411309|')).toBe('error');
  });
});

describe('segments', () => {
  const without = (kind: string, name: string) =>
    (EXAMPLES[kind] ?? '')
      .split('\r')
      .filter((line) => !line.startsWith(name))
      .join('\r');

  it.each([
    ['REF', 'PID', ['error hl7v2/segment-missing PID']],
    ['REF', 'PRD', ['warning hl7v2/segment-missing PRD']],
    ['REF', 'RF1', ['warning hl7v2/segment-missing RF1']],
    ['RRI', 'RF1', ['error hl7v2/segment-missing RF1']],
    ['A28', 'PV1', ['warning hl7v2/segment-missing PV1']],
    ['A40', 'MRG', ['error hl7v2/segment-missing MRG']],
    ['SIU', 'SCH', ['error hl7v2/segment-missing SCH']],
    ['ORU', 'OBR', ['error hl7v2/segment-missing OBR']],
    ['ORU', 'OBX', ['error hl7v2/segment-missing OBX']],
    ['MDM', 'TXA', ['error hl7v2/segment-missing TXA']],
    ['ACK', 'MSA', ['error hl7v2/segment-missing MSA']],
  ])('of %s without %s', (kind, name, expected) => {
    expect(told(without(kind, name))).toEqual(expected);
  });

  it('that are none are told with the one before them', () => {
    const broken = REF.replace('Prefers mornings.\\.br\\Hard', 'Prefers mornings.\rHard');
    expect(told(broken)).toEqual(['error hl7v2/segment-name NTE']);
    expect(told(`${REF}\rPIDX|1`)).toEqual(['error hl7v2/segment-name NTE']);
  });

  it('of two messages in one are refused', () => {
    expect(told(`${REF}\r${REF}`)).toContain('error hl7v2/second-header MSH[2]');
  });

  it('of a merge stand in pairs', () => {
    const merge = EXAMPLES['A40'] ?? '';
    const [head = '', event = '', patient = '', merged = ''] = merge.split('\r');
    expect(told([head, event, patient, merged, patient, merged].join('\r'))).toEqual([]);
    expect(told([head, event, patient, patient, merged].join('\r'))).toEqual(['error hl7v2/merge PID']);
    expect(told([head, event, patient, merged, merged].join('\r'))).toEqual(['error hl7v2/merge MRG[2]']);
  });
});

describe('fields', () => {
  it.each([
    ['REF', '|19410509|', '|19411309|', ['error hl7v2/time PID-7.1']],
    ['REF', '|19410509|', '|1941|', []],
    ['REF', '|20260721||ISO', '|20260230||ISO', ['error hl7v2/time RF1-8.1']],
    ['REF', '9990000018', '9990000019', ['warning hl7v2/nhs-number PID-3[2].1']],
    ['REF', '9990000018^^^NHS^NH', '9990000019^^^^NHS', ['warning hl7v2/nhs-number PID-3[2].1']],
    ['REF', '7700123^^^TESTGP^MR~9990000018^^^NHS^NH', '', ['error hl7v2/field-missing PID-3']],
    ['REF', 'Testwell^Ada^Mary^^Ms^^L', '""', ['error hl7v2/field-missing PID-5']],
    ['ORU', '|7.0|', '|seven|', ['error hl7v2/observation OBX-5']],
    ['ORU', '|NM|', '||', ['error hl7v2/observation OBX-2']],
    ['ORU', 'Q1^Wellbeing', '', ['error hl7v2/field-missing OBX-3']],
    ['ORU', 'Q1^Wellbeing', '^Wellbeing', []],
    ['SIU', '^20260801140000^', '^2026080114000^', ['error hl7v2/time SCH-11.4']],
    ['ACK', 'MSA|AA|M-1', 'MSA|AA|', ['error hl7v2/field-missing MSA-2']],
  ])('of %s: %s written as %s', (kind, written, instead, expected) => {
    expect(told((EXAMPLES[kind] ?? '').replace(written, instead))).toEqual(expected);
  });
});

describe('findings', () => {
  it('come all at once, with a remedy, and repeat nothing of the message', () => {
    const broken = REF.replace('|P|2.4|', '|SECRET|9.9SECRET|')
      .replace('19410509', 'SECRET')
      .replace('9990000018', 'SECRET');
    const findings = findingsOf(`${broken}\rSECRET text`);
    expect(findings.map(({ rule }) => rule).sort()).toEqual([
      'hl7v2/nhs-number',
      'hl7v2/processing-id',
      'hl7v2/segment-name',
      'hl7v2/time',
      'hl7v2/version',
    ]);
    expect(JSON.stringify(findings)).not.toContain('SECRET');
    expect(findings.every(({ remedy }) => remedy.length > 10)).toBe(true);
  });

  it('have a number that does not grow with the message', () => {
    const long = `${REF}\r${'nothing\r'.repeat(50_000)}${'OBX|||\r'.repeat(50_000)}`;
    expect(findingsOf(long)).toHaveLength(100);
  });

  it('are one where there is no header to read', () => {
    for (const text of ['', 'hello', 'MSH|^', 'PID|1', '\u0000MSH']) {
      expect(told(text)).toEqual(['error hl7v2/header']);
    }
    expect(told(`HTTP/1.1\r\n${REF}`)).toEqual(['error hl7v2/header']);
  });
});
