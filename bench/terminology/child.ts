/**
 * Makes or imports a release in a process of its own: `generate FOLDER CONCEPTS` or `import FOLDER INTO`. The memory of an
 * import is that of its own process, and nobody else's.
 */

import { importRelease } from '../../src/store/terminology/import-release.ts';
import { generateRelease } from '../../test/fixtures/snomed/generate-release.ts';

const [what = '', folder = '', last = ''] = process.argv.slice(2);
if (what === 'generate') {
  const concepts = Number(last);
  await generateRelease(folder, { concepts, descriptions: 3 * concepts, relationships: 3 * concepts, seed: 4 });
} else {
  const started = performance.now();
  const done = await importRelease({
    path: folder,
    directory: last,
    progress: ({ file, rows, done: whole }) => whole && process.stderr.write(`  ${file}: ${rows} rows\n`),
  });
  if (done.kind === 'refused') throw new Error(JSON.stringify(done.findings));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ ...done.summary, seconds, rssMb, cpuSeconds: (user + system) / 1e6 }));
}
