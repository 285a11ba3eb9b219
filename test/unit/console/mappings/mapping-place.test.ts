import { describe, expect, it } from '@jest/globals';
import { mappingPlace, ruleText } from '../../../../src/console/mappings/mapping-place.ts';

describe('a place in the mappings, as pages show it', () => {
  it('says file, line and column, and nothing of where the mappings lie on the machine', () => {
    const file = '/srv/hearback/mappings/casework/report.map.yaml';
    expect(mappingPlace({ file, line: 23, column: 15 })).toBe('casework/report.map.yaml:23:15');
    expect(mappingPlace({ file, line: 23 })).toBe('casework/report.map.yaml:23');
  });

  it('says line and column of what was pasted, which is in no file', () => {
    expect(mappingPlace({ line: 1, column: 2 })).toBe('1:2');
  });

  it('shows a rule on one line', () => {
    const rule = { file: '/srv/m/casework/report.map.yaml', line: 3, column: 9, written: '{{ %referral\n   .id }}' };
    expect(ruleText(rule)).toBe('casework/report.map.yaml:3:9  {{ %referral .id }}');
  });
});
