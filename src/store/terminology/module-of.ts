import { type Reading, readRows } from './read-rows.ts';

/**
 * The module that names an edition (in `http://snomed.info/sct/{module}/version/{date}`): the one that depends on others and
 * on which none depends. Undefined when the release does not say, or several are so.
 */
export async function editionModule(reading: Reading): Promise<string | undefined> {
  const depending = new Set<string>();
  const needed = new Set<string>();
  await readRows('modules', reading, ({ row: [, , active, module = '', , component = ''] }) => {
    if (active !== '1' || module === component) return;
    depending.add(module);
    needed.add(component);
  });
  const top = [...depending].filter((module) => !needed.has(module));
  return top.length === 1 ? top[0] : undefined;
}

/** The module with most concepts. */
export function largestModule(modules: ReadonlyMap<string, number>): string {
  return [...modules].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}
