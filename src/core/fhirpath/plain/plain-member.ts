import { isObject } from '../items.ts';
import type { Choice, Step } from '../shapes.ts';
import { isOpen, type Known, onlyShape, readAs } from './known.ts';
import type { Plain, PlainMember } from './plain-compiler.ts';
import { listed, NOTEWORTHY, NotPlain, type PlainItems, type PlainRun, plainItems } from './plain-run.ts';

/** `of.name`, where what `of` gives has one shape. */
export function plainMember(of: Plain, name: string): Plain {
  const shape = onlyShape(of.known);
  if (isOpen(of.known) || name in SOMETHING || name === shape.type || name === 'resourceType') {
    throw new NotPlain(`${name} of an unknown resource`);
  }
  const step = shape.step(name);
  const guarded = !of.known.resources;
  const looked = of.known.looked === true;
  const give = step.chosen
    ? choosing(step.choices, () => 'counts', guarded)
    : reading(onlyChoice(step), { guarded, looked });
  const member: PlainMember = {
    name,
    of,
    step,
    read: give,
    narrowed(counts, others) {
      const sort = (choice: Choice): Sort => (counts(choice.shape) ? 'counts' : others);
      return {
        known: readAs(step.choices.map((choice) => choice.shape).filter(counts)),
        give: from(of, step.chosen ? choosing(step.choices, sort, guarded) : give),
      };
    },
  };
  return { known: readAs(step.choices.map((choice) => choice.shape)), give: from(of, give), member };
}

const SOMETHING = {};

type ReadOne = (item: unknown) => PlainItems;

function onlyChoice({ choices }: Step): Choice {
  const [choice] = choices;
  if (choice === undefined) throw new NotPlain('a name that stands for nothing');
  return choice;
}

/** Of an item, the member; of several, all their members in one list. */
function from(of: Plain, readOne: ReadOne): (run: PlainRun) => PlainItems {
  const { give } = of;
  return (run) => {
    const items = give(run);
    if (items === undefined) return undefined;
    return Array.isArray(items) ? readAll(items, readOne) : readOne(items);
  };
}

function readAll(items: readonly unknown[], readOne: ReadOne): PlainItems {
  const found: unknown[] = [];
  for (let i = 0; i < items.length; i++) {
    const value = readOne(items[i]);
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const one of value) found.push(one);
    else found.push(value);
  }
  return found.length < 2 ? found[0] : found;
}

/** Reads a member; what stands beside it under its name with an underscore is noteworthy, and so is an unexpected resource. */
function reading({ field, under }: Choice, { guarded, looked }: { guarded: boolean; looked: boolean }): ReadOne {
  if (looked) return readingLookedAt(field);
  return (item) => {
    if (!isObject(item)) throw NOTEWORTHY;
    if (guarded && item['resourceType'] !== undefined) throw NOTEWORTHY;
    if (item[under] !== undefined) throw NOTEWORTHY;
    const value = item[field];
    return typeof value === 'string' ? value : plainItems(value);
  };
}

function readingLookedAt(field: string): ReadOne {
  return (item) => {
    if (!isObject(item)) throw NOTEWORTHY;
    const value = item[field];
    return typeof value === 'string' ? value : plainItems(value);
  };
}

/** Looks once at items of which several members will be read: see `Known.looked`. */
export function lookedAt(items: PlainItems, { resources }: Known): PlainItems {
  if (typeof items !== 'object') return items;
  for (const item of listed(items)) if (isObject(item)) lookAt(item, resources);
  return items;
}

function lookAt(item: Readonly<Record<string, unknown>>, resources: boolean): void {
  for (const name in item) {
    if (name.charCodeAt(0) === UNDERSCORE || (!resources && name === 'resourceType')) throw NOTEWORTHY;
  }
}

const UNDERSCORE = 95;

type Sort = 'counts' | 'left out' | 'noteworthy';

function choosing(choices: readonly Choice[], sort: (choice: Choice) => Sort, guarded: boolean): ReadOne {
  const sorted = choices.map((choice) => ({ field: choice.field, under: choice.under, sort: sort(choice) }));
  return (item) => {
    if (!isObject(item)) throw NOTEWORTHY;
    if (guarded && item['resourceType'] !== undefined) throw NOTEWORTHY;
    for (const choice of sorted) {
      const value = item[choice.field];
      if (item[choice.under] !== undefined) throw NOTEWORTHY;
      if (value === undefined) continue;
      if (choice.sort === 'noteworthy') throw NOTEWORTHY;
      return choice.sort === 'counts' ? plainItems(value) : undefined;
    }
    return undefined;
  };
}

/** Resources of one type among what any resource can stand in. */
export function resourcesOf(of: Plain, type: string, known: Known): Plain {
  const { give } = of;
  const isOne = (item: unknown): boolean => {
    if (!isObject(item)) throw NOTEWORTHY;
    const said = item['resourceType'];
    if (typeof said !== 'string' && said !== undefined) throw NOTEWORTHY;
    return said === type;
  };
  return {
    known,
    give(run) {
      const items = give(run);
      if (!Array.isArray(items)) return items !== undefined && isOne(items) ? items : undefined;
      return onlyThose(items, isOne);
    },
  };
}

/** The items for which a test holds. */
export function onlyThose(items: readonly unknown[], test: (item: unknown) => boolean): PlainItems {
  let one: unknown;
  let several: unknown[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (!test(item)) continue;
    if (one === undefined) one = item;
    else if (several === undefined) several = [one, item];
    else several.push(item);
  }
  return several ?? one;
}

/** That an item is no resource, where none is expected. */
export function refuseResources(items: PlainItems): PlainItems {
  for (const item of listed(items)) if (isObject(item) && item['resourceType'] !== undefined) throw NOTEWORTHY;
  return items;
}
