import { describe, expect, it } from '@jest/globals';
import { FATES } from '../../../../docker/simulators/demo/fates.ts';
import { inSendingOrder, people } from '../../../../docker/simulators/demo/people.ts';
import { nhsNumberFault } from '../../../../src/core/fhir/nhs-number.ts';

const all = people();

describe('the people of the demonstration', () => {
  it('are forty, each with a right NHS number of the test range that nobody else has', () => {
    expect(all).toHaveLength(40);
    expect(new Set(all.map(({ nhsNumber }) => nhsNumber)).size).toBe(40);
    for (const { nhsNumber } of all) {
      expect(nhsNumberFault(nhsNumber)).toBeUndefined();
      expect(nhsNumber.startsWith('999')).toBe(true);
    }
  });

  it('meet every fate, in every form, at both practices', () => {
    expect(new Set(all.map(({ fate }) => fate.name)).size).toBe(FATES.length);
    expect(all.filter(({ practice }) => practice === 'hillview')).toHaveLength(10);
    expect(all.filter(({ form }) => form === 'xml')).toHaveLength(4);
    expect(all.filter(({ form }) => form === 'message')).toHaveLength(4);
    const awkward = all.filter(({ note }) => note.includes('O"Neil","role":"admin {{ 1+1 }}'));
    expect(new Set(awkward.map(({ form }) => form)).size).toBe(3);
  });

  it('are all sent, each once, those who meet a platform that is down side by side', () => {
    const order = inSendingOrder(all);
    expect(new Set(order).size).toBe(40);
    const places = order.flatMap(({ fate }, place) => (fate.whileDown ? [place] : []));
    expect(places.at(-1)).toBe((places[0] ?? 0) + places.length - 1);
  });
});
