import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsolePath, pathTo } from './paths.ts';

/** From the sources and from what they are compiled to alike: templates and scripts are not compiled. */
const HERE = fileURLToPath(new URL('../../src/console', import.meta.url));
const NHSUK = join(dirname(createRequire(import.meta.url).resolve('nhsuk-frontend/package.json')), 'dist');

/** Where templates are looked for. */
export const VIEW_DIRECTORIES: readonly string[] = [join(HERE, 'views'), NHSUK];

export interface StaticFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface StaticFiles {
  /** Changes when any file does, so that a browser may keep them for ever. */
  readonly release: string;
  pathOf(name: string): ConsolePath;
  /** By the names that are there and no other: no path of the machine is ever made of what somebody asks for. */
  find(release: string, name: string): StaticFile | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads all files that the console serves: its own, and those of nhsuk-frontend. */
export function readStaticFiles(): StaticFiles {
  const own = filesIn(join(HERE, 'public'), '');
  const icons = filesIn(join(NHSUK, 'nhsuk/assets/images'), 'images/').filter(([name]) => name.endsWith('.svg'));
  const script = readFileSync(join(NHSUK, 'nhsuk/nhsuk-frontend.min.js'));
  const style = readFileSync(join(NHSUK, 'nhsuk/nhsuk-frontend.min.css'), 'utf8');
  const plain = [...own, ...icons, ['nhsuk-frontend.js', script] as const];
  const hash = createHash('sha256').update(style);
  for (const [name, bytes] of plain) hash.update(name).update(bytes);
  const release = hash.digest('hex').slice(0, 12);
  const pathOf = (file: string) => pathTo('asset', { release, file });
  const files = new Map(
    [...plain, ['nhsuk-frontend.css', Buffer.from(servedHere(style, pathOf('images')))] as const].map(
      ([name, bytes]) => [name, { contentType: TYPES[extname(name)] ?? 'application/octet-stream', bytes }] as const,
    ),
  );
  return { release, pathOf, find: (asked, name) => (asked === release ? files.get(name) : undefined) };
}

function filesIn(directory: string, prefix: string): (readonly [string, Uint8Array])[] {
  return readdirSync(directory)
    .sort()
    .filter((name) => extname(name) in TYPES)
    .map((name) => [`${prefix}${name}`, readFileSync(join(directory, name))] as const);
}

/** Icons come from here. The typeface is for NHS services alone, and would be fetched from another site: Arial stands in. */
function servedHere(style: string, images: string): string {
  return style
    .replace(/@font-face\{[^}]*\}/g, '')
    .replaceAll('url(/assets/images/', `url(${images}/`)
    .replace(/\/\*# sourceMappingURL=[^*]*\*\//, '');
}
