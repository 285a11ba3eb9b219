import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Folders of one room that see each other in a circle: then none of them can be understood without the others, and the folders
 * are only names. Files that stand in the room itself may see its folders and be seen by them. As `a -> b -> a`, below `root/room`.
 */
export function foldersInCircles(root: string, room: string): string[] {
  const seen = foldersSeen(join(root, room));
  const circles = new Set<string>();
  const walk = (path: readonly string[]): void => {
    for (const next of seen.get(path.at(-1) ?? '') ?? []) {
      if (next === path[0]) circles.add(fromLowest(path));
      else if (!path.includes(next)) walk([...path, next]);
    }
  };
  for (const folder of seen.keys()) walk([folder]);
  return [...circles].sort();
}

/** Which folders of a room each of them imports from. */
function foldersSeen(room: string): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const file of readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const from = folderOf(file);
    if (from === undefined) continue;
    const others = seen.get(from) ?? new Set();
    for (const { fileName } of ts.preProcessFile(readFileSync(join(room, file), 'utf8')).importedFiles) {
      const to = fileName.startsWith('.') ? folderOf(relative(room, join(room, dirname(file), fileName))) : undefined;
      if (to !== undefined && to !== from) others.add(to);
    }
    seen.set(from, others);
  }
  return seen;
}

/** The room's own folder that a file below it is in; undefined for what stands in the room itself, or outside. */
function folderOf(file: string): string | undefined {
  const [first, ...rest] = file.split('/');
  return rest.length > 0 && first !== '..' ? first : undefined;
}

/** The same circle is the same line, wherever it was entered. */
function fromLowest(circle: readonly string[]): string {
  const start = circle.indexOf([...circle].sort()[0] ?? '');
  const turned = [...circle.slice(start), ...circle.slice(0, start)];
  return [...turned, turned[0]].join(' -> ');
}
