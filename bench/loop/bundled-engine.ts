import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export interface BundledEngine {
  /** The `hearback` command in a few files, packages included. */
  readonly entry: string;
  remove(): void;
}

const PROJECT = join(import.meta.dirname, '../..');
/** They stand beside each other, because the record looks for its threads beside itself. */
const ENTRIES = {
  hearback: 'src/cli/hearback.ts',
  'writer-thread': 'src/store/sqlite/writer-thread.ts',
  'reader-thread': 'src/store/sqlite/reader-thread.ts',
};
/** What the packages among them that are CommonJS ask for at run time. */
const REQUIRE = `import { createRequire as newRequire } from 'node:module'; const require = newRequire(import.meta.url);`;

/** The engine as it is deployed: JavaScript, nothing compiled while it runs. */
export function bundleEngine(): BundledEngine {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-bench-engine-'));
  const out = join(directory, 'dist/cli');
  mkdirSync(out, { recursive: true });
  buildSync({
    absWorkingDir: PROJECT,
    entryPoints: ENTRIES,
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Their binaries stand beside their own files.
    external: ['libsql', '@node-rs/argon2'],
    sourcemap: 'linked',
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'), 'dir');
  return { entry: join(out, 'hearback.js'), remove: () => rmSync(directory, { recursive: true, force: true }) };
}
