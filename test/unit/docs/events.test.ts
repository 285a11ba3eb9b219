import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const project = join(import.meta.dirname, '../../..');
const page = readFileSync(join(project, 'docs/operations.md'), 'utf8');

/** What the operational log says at `warn` or `error`, as it is written in the source; of a template every value. */
function loudEvents(): string[] {
  const files = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const calls = /(?:\blog|\bcontext)\??\.(?:warn|error)\(\s*'([a-z-]+\.[a-z-]+)'|\blogFault\([\w.]+, '([a-z.-]+)'/g;
  return files.flatMap((name) =>
    [...readFileSync(join(project, 'src', name), 'utf8').matchAll(calls)].map(
      ([, event, fault]) => event ?? fault ?? '',
    ),
  );
}

describe('docs/operations.md', () => {
  it('says of every warning and error in the operational log what it means and what to do', () => {
    const events = [...new Set(loudEvents())];
    expect(events.length).toBeGreaterThan(30);
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const named = new Set(rows.flatMap((row) => (row.split(' | ')[0] ?? '').match(/[a-z0-9-]+\.[a-z-]+/g) ?? []));
    expect(events.filter((event) => !named.has(event)).toSorted()).toEqual([]);
  });
});
