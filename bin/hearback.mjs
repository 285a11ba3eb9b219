#!/usr/bin/env node
/**
 * In a checkout the sources run as they are (there is nothing to forget to build); in a package the compiled files run.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/cli/hearback.ts', import.meta.url);
if (existsSync(fileURLToPath(source))) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  await import(new URL('../dist/cli/hearback.js', import.meta.url).href);
}
