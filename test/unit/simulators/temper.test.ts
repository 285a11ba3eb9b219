import { describe, expect, it } from '@jest/globals';
import { changed, GOOD } from '../../../docker/simulators/temper.ts';

describe('a wish for another temper', () => {
  it('changes what it names and nothing else', () => {
    expect(changed(changed(GOOD, { slowMs: 20 }), { chatty: true })).toEqual({ ...GOOD, slowMs: 20, chatty: true });
  });

  it.each([undefined, null, 'down', { down: 'yes' }, { slowMs: -1 }, { slowMs: '5' }, { rude: true }])(
    'changes nothing when it is %j',
    (wish) => {
      expect(changed(GOOD, wish)).toEqual(GOOD);
    },
  );
});
