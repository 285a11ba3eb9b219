import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { STATES } from '../../../../src/core/loop/states.ts';

describe('docs/words.md', () => {
  it('lists every canonical word as the table of states has it', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/words.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (.*?)(; say why)? \| (.*?) \| (.*?) \| (yes)? ?\|$/gm)];
    expect(listed.map(([, word, means, why, status, by, ends]) => [word, means, why, status, by, ends])).toEqual(
      STATES.map(({ kind, display, needsReason, status, statusUnaccepted, saidBy, terminal }) => [
        kind,
        display,
        needsReason ? '; say why' : undefined,
        [...new Set([statusUnaccepted, status])].join(' / '),
        saidBy.join(', '),
        terminal ? 'yes' : undefined,
      ]),
    );
  });
});
