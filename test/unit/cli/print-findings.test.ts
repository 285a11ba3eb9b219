import { describe, expect, it } from '@jest/globals';
import { findingLine } from '../../../src/cli/print-findings.ts';

const finding = { severity: 'error', rule: 'terminology/duplicate', message: 'Twice.', remedy: 'Keep one.' } as const;
const lineAt = (place: { file?: string; line?: number; column?: number; expression?: string }) =>
  findingLine({ ...finding, place, issue: 'value' }).split('\n')[0];

describe('findingLine', () => {
  it('says where in a file something is wrong: by line and column, or by its pointer when there is no line', () => {
    expect(lineAt({ file: 'a.json', expression: '/group/0/element/6' })).toBe(
      'a.json /group/0/element/6 error terminology/duplicate',
    );
    expect(lineAt({ file: 'a.yaml', line: 2, column: 3, expression: '/a' })).toBe(
      'a.yaml:2:3 error terminology/duplicate',
    );
    expect(lineAt({ file: 'a.json', expression: '' })).toBe('a.json error terminology/duplicate');
    expect(lineAt({ expression: 'Task.code' })).toBe('Task.code error terminology/duplicate');
    expect(lineAt({})).toBe('- error terminology/duplicate');
  });
});
