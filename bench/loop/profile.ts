import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** Where an engine's processor time goes, as parts of what it used, the largest first. */
export type Areas = readonly { readonly area: string; readonly part: number }[];

/** What V8 writes (Chrome DevTools Protocol, Profiler.Profile): a tree of calls, and which was under way at each sample. */
const PROFILE = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
        columnNumber: z.number(),
      }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});
export type Profile = z.infer<typeof PROFILE>;

/** Node's flags that make a process write its profile into a directory when it ends. */
export function profileFlags(directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=500'];
}

/** The profiles of a process, one a thread. */
export function readProfiles(directory: string): Profile[] {
  return readdirSync(directory).map((name) => PROFILE.parse(JSON.parse(readFileSync(join(directory, name), 'utf8'))));
}

/** Says for a place in a bundled file in which source file it stands. */
export type SourceOf = (url: string, line: number, column: number) => string;

/** By the source maps beside the bundled files. */
export function sourcesBeside(): SourceOf {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (url: string): SourceMap | undefined => {
    if (!maps.has(url)) maps.set(url, readMap(url));
    return maps.get(url);
  };
  return (url, line, column) => {
    if (!url.startsWith('file:')) return url;
    const entry = mapOf(url)?.findEntry(line, column);
    return entry !== undefined && 'originalSource' in entry
      ? join(dirname(new URL(url).pathname), entry.originalSource)
      : url;
  };
}

function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${new URL(url).pathname}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

/** What is not ours and not said by a file. */
const NOT_WORK = new Set(['(root)', '(idle)']);
const RUNTIME: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'Node and V8',
};

/**
 * Sums a profile up by area: the innermost call that is of the project's own rooms counts; what Node and packages do for it is
 * its cost. What nobody of ours has called is Node's or the package's.
 */
export function areasOf(profiles: readonly Profile[], sourceOf: SourceOf): Areas {
  const spent = new Map<string, number>();
  for (const profile of profiles) addUp(profile, sourceOf, spent);
  const all = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return [...spent].map(([area, time]) => ({ area, part: time / all })).sort((one, other) => other.part - one.part);
}

function addUp({ nodes, samples, timeDeltas }: Profile, sourceOf: SourceOf, spent: Map<string, number>): void {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const own = new Map(nodes.map((node) => [node.id, areaOf(node.callFrame, sourceOf)] as const));
  const area = (id: number): string | undefined => {
    const first = own.get(id);
    if (first === undefined || first.is !== 'package') return first?.name;
    for (let at = parents.get(id); at !== undefined; at = parents.get(at)) {
      const outer = own.get(at);
      if (outer?.is === 'room') return outer.name;
    }
    return first.name;
  };
  for (const [index, id] of samples.entries()) {
    const name = area(id);
    if (name !== undefined) spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
}

interface Area {
  readonly is: 'room' | 'package' | 'runtime';
  readonly name: string;
}

function areaOf(
  { functionName, ...place }: Profile['nodes'][number]['callFrame'],
  sourceOf: SourceOf,
): Area | undefined {
  if (NOT_WORK.has(functionName)) return undefined;
  const runtime = RUNTIME[functionName];
  if (runtime !== undefined) return { is: 'runtime', name: runtime };
  const source = sourceOf(place.url, place.lineNumber, place.columnNumber);
  const [, room] = /\/src\/((?:core|adapters|store)\/[^/]+|[^/]+)/.exec(source) ?? [];
  if (room !== undefined && !source.includes('node_modules')) return { is: 'room', name: room };
  const [, pack] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
  return { is: 'package', name: pack ?? 'Node and V8' };
}
