import { describe, expect, it } from '@jest/globals';
import { aimLines } from '../../../../bench/mapping/aims.ts';
import { summarise } from '../../../../bench/summarise.ts';

function lines(figures: Record<string, number>): string[] {
  return aimLines(summarise(Object.entries(figures).map(([name, figure]) => ({ name, rounds: [figure] }))));
}

describe('aimLines', () => {
  it('says of each aim whether it was reached, and by how much', () => {
    expect(lines({ hearback: 100, 'hearback-receipts': 20, fhirpath: 5, handlebars: 80, hand: 800 })).toEqual([
      'aim reached: hearback at 20 x fhirpath (at least 10 x)',
      'aim missed: hearback at 1.3 x handlebars (at least 2 x)',
      'aim missed: hearback at 1/8 of hand (at least 1/6 of)',
      'aim missed: hearback-receipts at 4 x fhirpath (at least 5 x)',
    ]);
  });

  it('counts an aim as reached that is met exactly', () => {
    expect(lines({ hearback: 100, hand: 600, fhirpath: 10 })).toEqual([
      'aim reached: hearback at 10 x fhirpath (at least 10 x)',
      'aim reached: hearback at 1/6 of hand (at least 1/6 of)',
    ]);
  });

  it('says nothing of what was not measured', () => expect(lines({ hearback: 100, jsonata: 1 })).toEqual([]));
});
