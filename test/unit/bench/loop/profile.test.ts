import { describe, expect, it } from '@jest/globals';
import { areasOf, type Profile } from '../../../../bench/loop/profile.ts';

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0, columnNumber: 0 });
const node = (id: number, callFrame: ReturnType<typeof frame>, children: number[] = []) => ({
  id,
  callFrame,
  children,
});

describe('a profile by area', () => {
  const profile: Profile = {
    nodes: [
      node(1, frame('(root)'), [2, 3, 5, 7, 8]),
      node(2, frame('(idle)')),
      node(3, frame('advance', '/p/src/flow/advance.ts'), [4, 6]),
      node(4, frame('hash', '/p/node_modules/uuid/sha1.js')),
      node(5, frame('parse', '/p/node_modules/pg/client.js')),
      node(6, frame('read', '/p/src/core/fhir/read.ts')),
      node(7, frame('(garbage collector)')),
      node(8, frame('writev', 'node:net')),
    ],
    samples: [2, 3, 4, 5, 6, 7, 8],
    timeDeltas: [1_000, 10, 20, 30, 20, 15, 5],
  };
  const areas = areasOf([profile], (url) => url);

  it('counts what packages do for a room of ours as its own, and waiting as nothing', () => {
    expect(areas.map(({ area, part }) => [area, Math.round(part * 100)])).toEqual([
      ['flow', 30],
      ['pg', 30],
      ['core/fhir', 20],
      ['garbage collection', 15],
      ['Node and V8', 5],
    ]);
  });

  it('takes the threads of a process together', () => {
    const thread: Profile = { ...profile, samples: [6], timeDeltas: [100] };
    expect(areasOf([profile, thread], (url) => url)[0]?.area).toBe('core/fhir');
  });
});
