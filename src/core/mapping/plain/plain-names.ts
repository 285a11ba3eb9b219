import { type Known, MADE } from '../../fhirpath/plain/known.ts';
import type { Plain } from '../../fhirpath/plain/plain-compiler.ts';
import type { MappingRunOnPlain } from './mapping-run.ts';

/** Gives what expressions that run with nodes find under a name: what a `Scope` holds. */
export type NodesOf = (run: MappingRunOnPlain) => unknown;

/** A variable of a mapping that runs on plain data. */
export interface PlainName {
  /** Undefined when plain data cannot stand for it. */
  readonly plain?: Plain;
  readonly nodes: NodesOf;
}

/** The variables that may be used at one place of the template. */
export type PlainNames = ReadonlyMap<string, PlainName>;

/** A variable whose slot holds what expressions of either kind see: a text, a number, a truth, or nothing. */
export function simpleName(slot: number): PlainName {
  return { plain: { known: MADE, give: (run) => run.slots[slot] }, nodes: (run) => run.slots[slot] };
}

/** A slot with items of which something is known; what they are has been looked at when they were put there. */
export function inSlot(slot: number, known: Known): Plain {
  return { known: { ...known, looked: true }, give: (run) => run.slots[slot] };
}

export function constantName(value: string): PlainName {
  return { plain: { known: MADE, give: () => value, text: value }, nodes: () => value };
}

/** Items that are worked out when they are first asked for, and anew when the slot has been emptied. */
export function workedOut(slot: number, work: (run: MappingRunOnPlain) => readonly unknown[]) {
  return (run: MappingRunOnPlain): readonly unknown[] => {
    const kept = run.slots[slot];
    if (Array.isArray(kept)) return kept;
    const items = work(run);
    run.slots[slot] = items;
    return items;
  };
}
