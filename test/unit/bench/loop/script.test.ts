import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changesBetween } from '../../../../bench/loop/bare/difference.ts';
import { newDismantler, valueFor, written } from '../../../../bench/loop/bare/script.ts';
import type { Row } from '../../../../bench/loop/bare/tables.ts';

const PERSON = '9990000018';
const ID = '0198a1b2-0000-7000-8000-000000000001';

describe('a recorded text', () => {
  it('is the same under the same names, and another one under others', () => {
    const pieces = fc.array(fc.oneof(fc.string(), fc.constantFrom(PERSON, ID, '9990000026')), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const whole = parts.join(' ');
        const names: string[] = [PERSON];
        const dismantler = newDismantler(PERSON);
        const text = dismantler.text(whole);
        for (const name of whole.match(/[0-9a-f-]{36}|999\d{7}(?!\d)/g) ?? [])
          if (!names.includes(name)) names.push(name);
        expect(written(text, names)).toBe(whole);
        const others = names.map((_name, place) => `other-${place}`);
        expect(written(text, others)).not.toContain(PERSON);
        expect(written(text, others)).not.toContain(ID);
      }),
    );
  });

  it('keeps bytes as bytes, and what is no text as it is', () => {
    const dismantler = newDismantler(PERSON);
    const bytes = dismantler.cell(Buffer.from(`{"n":"${PERSON}"}`));
    expect(valueFor(bytes, ['9990000026'])).toEqual(Buffer.from('{"n":"9990000026"}'));
    expect([dismantler.cell(null), dismantler.cell(7), dismantler.cell(7n)]).toEqual([null, 7, 7]);
  });
});

describe('what a commit changed', () => {
  const keys = new Map([
    ['message', ['id']],
    ['leg', ['id']],
  ]);
  const changed = (before: Record<string, Row[]>, after: Record<string, Row[]>) =>
    changesBetween(new Map(Object.entries(before)), new Map(Object.entries(after)), {
      keys,
      dismantle: newDismantler(PERSON),
    });

  it('is what came, what is another and what is gone; messages before what refers to them', () => {
    const came = changed(
      {
        leg: [
          { id: 'a', status: 'queued', attempts: 0 },
          { id: 'b', status: 'queued', attempts: 0 },
        ],
        message: [],
      },
      {
        leg: [
          { id: 'a', status: 'sent', attempts: 0 },
          { id: 'c', status: 'queued', attempts: 0 },
        ],
        message: [{ seq: 9, id: 'm' }],
      },
    );
    expect(came.map(({ table, kind, key, set }) => [table, kind, Object.keys(key), Object.keys(set)])).toEqual([
      ['message', 'insert', [], ['id']],
      ['leg', 'delete', ['id'], []],
      ['leg', 'update', ['id'], ['status']],
      ['leg', 'insert', [], ['id', 'status', 'attempts']],
    ]);
  });

  it('is nothing where nothing changed, bytes included', () => {
    const rows = () => ({ message: [{ id: 'm', body: Buffer.from('x') }] });
    expect(changed(rows(), rows())).toEqual([]);
  });
});
