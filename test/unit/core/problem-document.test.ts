import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { problemDocument } from '../../../src/core/problem-document.ts';

const finding = (severity: 'error' | 'warning', place = {}) =>
  ({ severity, rule: 'some/rule', place, message: 'It is wrong.', remedy: 'Mend it.' }) as const;
const contentOf = (answer: { readonly body: Uint8Array }): unknown => JSON.parse(new TextDecoder().decode(answer.body));

describe('a problem document', () => {
  it('is declared as one and not to be cached', () => {
    const { status, headers } = problemDocument(422, 'No.');
    expect({ status, headers }).toEqual({
      status: 422,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    });
  });

  it.each([400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 415, 422, 429, 431, 500, 503])(
    'has the phrase of %i as its title',
    (status) => {
      expect(contentOf(problemDocument(status, 'No.'))).toEqual({ title: STATUS_CODES[status], status, detail: 'No.' });
    },
  );

  it('has a title for any other status', () => {
    expect(contentOf(problemDocument(599, 'No.'))).toMatchObject({ title: 'Error', status: 599 });
  });

  it('lists what forbids going on apart from what does not, each with place, rule and remedy', () => {
    const findings = [finding('error', { expression: '/need/code', line: 2, column: 7 }), finding('warning')];
    const shown = { rule: 'some/rule', detail: 'It is wrong.', remedy: 'Mend it.' };
    expect(contentOf(problemDocument(422, 'No.', { findings, more: { messageId: 'm-1' } }))).toEqual({
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'No.',
      messageId: 'm-1',
      errors: [{ pointer: '/need/code', line: 2, column: 7, ...shown }],
      warnings: [shown],
    });
  });
});
