import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GP_ABOUT_HTTP, PLATFORM_ABOUT_HTTP } from '../../stories/about-http.ts';

const directory = join(import.meta.dirname, '../../loop');
const textOf = (name: string) => readFileSync(join(directory, `${name}.test.ts`), 'utf8');

/** What in the text of a story shows that the partner must be spoken to by another door. */
const DOORS = {
  /** A line to the platform, its secrets, a door of webhooks only, a platform of its own, an address that is down; or a platform of its own behind a broker. */
  platform: {
    untold: PLATFORM_ABOUT_HTTP,
    takes: (text: string) =>
      /lines\.casework|secrets\.casework|secrets\[|startPlainPlatform|postSigned|casework\.setTemper\(\{ down|startAmqpTown/.test(
        text,
      ),
  },
  /** A line to the record, its temper, what is agreed about a FHIR outlet or a token, a balancer of HTTP, BaRS's word for a repeat; or nothing that Riverside says. */
  gp: {
    untold: GP_ABOUT_HTTP,
    takes: (text: string) =>
      !/\bgp\.(refer|send|change)\b/.test(text) ||
      /lines\.practice|practice\.(setTemper|refused|switchOff)|riversideOutlet|startAshTown|startGpAmqpTown|startBalancer|REC_CONFLICT|scopes:/.test(
        text,
      ),
  },
};

describe.each(Object.entries(DOORS))(
  'the stories that are not told of a %s over AMQP',
  (_partner, { untold, takes }) => {
    it.each([...untold.keys()])('%s is one, and takes hold of what only another door has', (name) => {
      expect(existsSync(join(directory, `${name}.test.ts`))).toBe(true);
      expect(takes(textOf(name))).toBe(true);
    });

    it('are all that do', () => {
      const names = readdirSync(directory).map((file) => file.replace('.test.ts', ''));
      expect(names.filter((name) => takes(textOf(name)) && !untold.has(name))).toEqual([]);
    });
  },
);
