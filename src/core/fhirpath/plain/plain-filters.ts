import type { Syntax } from '../syntax.ts';
import { eitherOf, type Known, MADE } from './known.ts';
import type { Plain, PlainCompiler } from './plain-compiler.ts';
import { distinctOf, joinedOf, plainCriterion, truth } from './plain-operators.ts';
import { collected, listed, NOTEWORTHY, NotPlain, type PlainItems, type PlainRun } from './plain-run.ts';

/** Existence, filtering, projection, subsetting, combining and iif() on plain items. */

interface Applied {
  /** What the function is applied to. */
  readonly of: Plain;
  /** $this around it. */
  readonly start: Plain;
  readonly compiler: PlainCompiler;
}

type PlainFilter = (given: readonly Syntax[], applied: Applied) => Plain;

function argument(given: readonly Syntax[], position = 0, most = 1): Syntax {
  const found = given[position];
  if (found === undefined || given.length > most) throw new NotPlain('another number of arguments');
  return found;
}

/** $this within a criterion or projection. */
function thisOf(known: Known): Plain {
  return { known, give: (run) => run.item, isThis: true };
}

/** Whether a criterion holds for an item as $this. */
function criterionOf(given: readonly Syntax[], { of, compiler }: Applied): (item: unknown, run: PlainRun) => boolean {
  const compiled = compiler.compile(argument(given), thisOf(of.known));
  if (compiled.test !== undefined) return compiled.test;
  const criterion = plainCriterion(compiled);
  return (item: unknown, run: PlainRun): boolean => {
    const outer = run.item;
    run.item = item;
    const held = criterion(run);
    run.item = outer;
    return held;
  };
}

const where: PlainFilter = (given, applied) => {
  const holds = criterionOf(given, applied);
  const { give, known } = applied.of;
  return {
    known,
    give(run) {
      const items = give(run);
      if (items === undefined) return undefined;
      if (!Array.isArray(items)) return holds(items, run) ? items : undefined;
      let one: unknown;
      let several: unknown[] | undefined;
      // All items are looked at, for the criterion may fail on a later one.
      for (let i = 0; i < items.length; i++) {
        const item: unknown = items[i];
        if (!holds(item, run)) continue;
        if (one === undefined) one = item;
        else if (several === undefined) several = [one, item];
        else several.push(item);
      }
      return several ?? one;
    },
  };
};

const exists: PlainFilter = (given, applied) => {
  const { give } = given.length === 0 ? applied.of : where(given, applied);
  return { known: MADE, give: (run) => give(run) !== undefined };
};

const empty: PlainFilter = (given, { of: { give } }) => {
  if (given.length > 0) throw new NotPlain('empty() with arguments');
  return { known: MADE, give: (run) => give(run) === undefined };
};

const select: PlainFilter = (given, { of, compiler }) => {
  const projection = compiler.compile(argument(given), thisOf(of.known));
  const { give } = of;
  return {
    known: projection.known,
    give(run) {
      const items = give(run);
      if (items === undefined) return undefined;
      const outer = run.item;
      const made: unknown[] = [];
      for (const item of listed(items)) {
        run.item = item;
        for (const one of listed(projection.give(run))) made.push(one);
      }
      run.item = outer;
      return collected(made);
    },
  };
};

const not: PlainFilter = (given, { of: { give } }) => {
  if (given.length > 0) throw new NotPlain('not() with arguments');
  return {
    known: MADE,
    give(run) {
      const held = truth(give(run));
      return held === undefined ? undefined : !held;
    },
  };
};

/** A part of the items. */
function part(choose: (items: PlainItems) => PlainItems): PlainFilter {
  return (given, { of: { known, give } }) => {
    if (given.length > 0) throw new NotPlain('another number of arguments');
    return { known, give: (run) => choose(give(run)) };
  };
}

function single(items: PlainItems): PlainItems {
  if (Array.isArray(items)) throw NOTEWORTHY;
  return items;
}

const count: PlainFilter = (given, { of: { give } }) => {
  if (given.length > 0) throw new NotPlain('count() with arguments');
  return { known: MADE, give: (run) => listed(give(run)).length };
};

/** Only the chosen part is evaluated, with all items as $this. */
const iif: PlainFilter = (given, { of, compiler }) => {
  const self = thisOf(of.known);
  const condition = compiler.compile(argument(given, 0, 3), self);
  const yes = compiler.compile(argument(given, 1, 3), self);
  const no = given[2] === undefined ? undefined : compiler.compile(given[2], self);
  const known = no === undefined ? yes.known : eitherOf(yes.known, no.known);
  if (yes.known.resources || no?.known.resources === true) throw new NotPlain('resources of a choice');
  return {
    known,
    give(run) {
      const outer = run.item;
      run.item = of.give(run);
      const given = condition.give(run) === true ? yes.give(run) : no?.give(run);
      run.item = outer;
      return given;
    },
  };
};

/** Only where it is applied to $this itself, which its arguments are read with too. */
const coalesce: PlainFilter = (given, { of, start, compiler }) => {
  if (of.isThis !== true || given.length === 0 || given.length > 8) throw new NotPlain('coalesce() of something');
  const choices = given.map((one) => compiler.compile(one, start));
  if (choices.some(({ known }) => known.resources)) throw new NotPlain('resources of a choice');
  return {
    known: eitherOf(...choices.map(({ known }) => known)),
    give(run) {
      for (const choice of choices) {
        const items = choice.give(run);
        if (items !== undefined) return items;
      }
      return undefined;
    },
  };
};

function other(given: readonly Syntax[], { of, start, compiler }: Applied): Plain {
  return joinedOf(of, compiler.compile(argument(given), start));
}

export const PLAIN_FILTERS: ReadonlyMap<string, PlainFilter> = new Map<string, PlainFilter>([
  ['where', where],
  ['exists', exists],
  ['empty', empty],
  ['select', select],
  ['not', not],
  ['first', part((items) => (Array.isArray(items) ? items[0] : items))],
  ['last', part((items) => (Array.isArray(items) ? items.at(-1) : items))],
  ['tail', part((items) => (Array.isArray(items) ? collected(items.slice(1)) : undefined))],
  ['single', part(single)],
  ['count', count],
  ['iif', iif],
  ['coalesce', coalesce],
  ['combine', other],
  ['union', (given, applied) => distinctOf(other(given, applied), applied.compiler)],
  [
    'distinct',
    (given, { of, compiler }) => {
      if (given.length > 0) throw new NotPlain('distinct() with arguments');
      return distinctOf(of, compiler);
    },
  ],
]);
