import type { PathFunction } from '../compiler.ts';
import type { World } from '../delegate.ts';
import type { Shape, Step } from '../shapes.ts';
import type { Syntax } from '../syntax.ts';
import type { Known } from './known.ts';
import type { PlainItems, PlainRun } from './plain-run.ts';

/** A compiled part of an expression. It finds $this and all else in the run. */
export interface Plain {
  readonly known: Known;
  readonly give: (run: PlainRun) => PlainItems;
  /** Its last step, when that is a name. */
  readonly member?: PlainMember;
  /** Whether it is just $this. */
  readonly isThis?: boolean;
  /** The same as a test of one item as $this, where nothing but a text of it is looked at. */
  readonly test?: (item: unknown) => boolean;
  /** The text that it always is. */
  readonly text?: string;
}

/** A name that was asked of something. */
export interface PlainMember {
  readonly name: string;
  readonly of: Plain;
  readonly step: Step;
  /** Reads it of one item. */
  readonly read: (item: unknown) => PlainItems;
  /** The same where a name stands for one of several members, and only some of these count: what of the others? */
  narrowed(counts: (shape: Shape) => boolean, others: 'left out' | 'noteworthy'): Plain;
}

export interface PlainCompiler {
  readonly world: World;
  readonly functions: ReadonlyMap<string, PathFunction>;
  /** Undefined for a variable that plain data cannot stand for. */
  variable(name: string): Plain | undefined;
  /** The number under which a run keeps what a path from the root gives. */
  numberOf(path: string): number;
  /** What an expression begins at. */
  readonly root: Plain;
  /**
   * @param start what a term begins at: $this
   * @throws NotPlain
   */
  compile(node: Syntax, start: Plain): Plain;
}
