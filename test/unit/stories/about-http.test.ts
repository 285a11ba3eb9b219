import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ABOUT_HTTP } from '../../stories/about-http.ts';

const stories = join(import.meta.dirname, '../../loop');

describe('the stories that are not told over AMQP', () => {
  it.each([...ABOUT_HTTP.keys()])('%s is one, and takes hold of what only it has a door for', (name) => {
    const file = join(stories, `${name}.test.ts`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(HTTP);
  });

  it('are all that do', () => {
    const taking = readdirSync(stories)
      .filter((file) => HTTP.test(readFileSync(join(stories, file), 'utf8')))
      .map((file) => file.replace('.test.ts', ''));
    expect(taking.filter((name) => !ABOUT_HTTP.has(name))).toEqual([]);
  });
});

/** A line to the platform, its secrets, a door of webhooks only, a platform of its own, an address that is down; or a platform of its own behind a broker. */
const HTTP =
  /lines\.casework|secrets\.casework|secrets\[|startPlainPlatform|postSigned|casework\.setTemper\(\{ down|startAmqpTown/;
