import { isEmpty, isObject, plainValue } from '../plain-value.ts';
import type { Made, MadeValues } from './made-values.ts';
import type { Key, Production } from './production.ts';

/** Where the value of a part stands. */
interface At {
  readonly pointer: string;
  readonly key: Key | undefined;
}

/** Goes down what the parts of a template made, as the result was put together of it: each value with its place. */
export function placeProduction(production: Production, at: At, values: MadeValues): void {
  const { value, within, part } = production;
  if (value === undefined) passOver(production, values);
  else if (within === undefined) placeLeaf(production, at, values);
  else if (Array.isArray(value)) placeItems(production, at, { index: 0, values });
  else if (part.passes) for (const one of within) placeProduction(one, at, values);
  else placeMembers(production, at, { taken: part.merges ? new Set() : undefined, values });
}

interface Members {
  /** Keys that stand there already, where one could come twice: the first is kept. */
  readonly taken: Set<string> | undefined;
  readonly values: MadeValues;
}

function placeMembers({ within = [], part }: Production, at: At, object: Members): void {
  for (const one of within) {
    const key = part.keys.get(one.part.template);
    if (key === undefined) placeMerged(one, at, object);
    else if (one.value === undefined) passOver(one, object.values);
    else if (isNew(key.name, object)) placeProduction(one, { pointer: at.pointer + key.step, key }, object.values);
  }
}

function isNew(name: string, { taken }: Members): boolean {
  if (taken === undefined) return true;
  return !taken.has(name) && taken.add(name).has(name);
}

function placeMerged(production: Production, at: At, object: Members): void {
  const { value, within, part, found } = production;
  if (!isObject(value)) passOver(production, object.values);
  else if (within === undefined) {
    const item = found[0]?.items.find((one) => !isEmpty(plainValue(one)));
    object.values.add(item, newMembers(value, object), { ...at, rule: part.rule });
  } else if (part.passes) for (const one of within) placeMerged(one, at, object);
  else placeMembers(production, at, object);
}

function newMembers(value: Record<string, unknown>, object: Members): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => isNew(name, object)));
}

interface List {
  index: number;
  readonly values: MadeValues;
}

/** Lists in lists become one; what is empty has no place. */
function placeItems(production: Production, at: At, list: List): void {
  const { value, within } = production;
  if (value === undefined) passOver(production, list.values);
  else if (!Array.isArray(value)) {
    placeProduction(production, { pointer: `${at.pointer}/${list.index}`, key: at.key }, list.values);
    list.index += 1;
  } else if (within === undefined) placeLeafItems(production, at, list);
  else for (const one of within) placeItems(one, at, list);
}

function placeLeafItems({ part, found, value }: Production, at: At, list: List): void {
  const add = (item: unknown, one: unknown): void => {
    if (isEmpty(one)) return;
    list.values.add(item, one, { pointer: `${at.pointer}/${list.index}`, key: at.key, rule: part.rule });
    list.index += 1;
  };
  for (const item of found[0]?.items ?? []) {
    const plain = plainValue(item);
    if (!Array.isArray(plain)) {
      if (part.template.kind === 'all') add(item, plain);
    } else if (part.template.kind === 'all' || isSameList(plain, value)) {
      for (const one of plain) add(item, one);
      if (part.template.kind === 'first') return;
    }
  }
}

/** The first list that holds something is the value. */
function isSameList(plain: readonly unknown[], value: unknown): boolean {
  return plain.length > 0 && Array.isArray(value) && plain.length === value.length;
}

function placeLeaf(production: Production, at: At, values: MadeValues): void {
  const { part, found, value } = production;
  const made: Made = { pointer: at.pointer, key: at.key, rule: part.rule };
  const { kind } = part.template;
  if (kind === 'constant') values.invented(made);
  else if (kind === 'all') placeLeafItems(production, at, { index: 0, values });
  else if (kind === 'first') placeFirst(production, made, values);
  else {
    const items = found.flatMap((one) => one.items.find(holdsSomething) ?? []);
    values.addJoined(items, value, made);
  }
}

function placeFirst({ found, value }: Production, made: Made, values: MadeValues): void {
  let taken = false;
  for (const item of found[0]?.items ?? []) {
    if (taken) values.passedOver(item, made.rule);
    else if (holdsSomething(item)) {
      taken = true;
      values.add(item, value, made);
    }
  }
}

function holdsSomething(item: unknown): boolean {
  return !isEmpty(plainValue(item));
}

/** A part that gave nothing may have read something. */
function passOver({ found, within, part }: Production, values: MadeValues): void {
  for (const { items } of found) for (const item of items) values.passedOver(item, part.rule);
  for (const one of within ?? []) passOver(one, values);
}
