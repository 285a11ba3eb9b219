import { AsyncLocalStorage } from 'node:async_hooks';

/** What the piece of work under way is about: each line that is logged meanwhile bears it. */
const context = new AsyncLocalStorage<Map<string, string>>();

export function withinWork<T>(fields: ReadonlyMap<string, string>, run: () => Promise<T>): Promise<T> {
  return context.run(new Map(fields), run);
}

/** Adds to it; nothing where no work is under way. */
export function addToWork(fields: ReadonlyMap<string, string>): void {
  const store = context.getStore();
  for (const [name, value] of fields) store?.set(name, value);
}

export function workFields(): Readonly<Record<string, string>> {
  return Object.fromEntries(context.getStore() ?? []);
}
