import type { Shape } from '../shapes.ts';
import { NotPlain } from './plain-run.ts';

/** What is known of the items that an expression gives before it runs. */
export interface Known {
  /** The shapes that items read from data can have. */
  readonly shapes: readonly Shape[];
  /** Whether the expression makes items itself. */
  readonly made: boolean;
  /** Whether the items are certainly resources of the one shape's type. Others are no resources, which is looked after. */
  readonly resources: boolean;
  /** Whether it has been looked at already that nothing in the items is noteworthy but in what stands below them. */
  readonly looked?: boolean;
}

/** Texts, numbers and truths that an expression makes. */
export const MADE: Known = { shapes: [], made: true, resources: false };
export const NOTHING: Known = { shapes: [], made: false, resources: false };

export function readAs(shapes: readonly Shape[]): Known {
  return { shapes, made: false, resources: false };
}

/** Of several expressions that one collection is made of. */
export function eitherOf(...all: readonly Known[]): Known {
  return {
    shapes: [...new Set(all.flatMap(({ shapes }) => shapes))],
    made: all.some(({ made }) => made),
    resources: false,
    looked: all.every(({ looked }) => looked === true),
  };
}

/** Whether only the items themselves say what they are: what stands where any resource can stand. */
export function isOpen({ shapes, resources }: Known): boolean {
  return !resources && shapes.some(({ type }) => type === 'Resource' || type === 'DomainResource');
}

/** Where items are compared or written, the package takes some (times, quantities) for something else. */
export function refuseConverted({ shapes }: Known): void {
  if (shapes.some(({ conversion }) => conversion !== 'none')) throw new NotPlain('a time or quantity');
}

/** The one shape of all items: names lead on from each to the same. */
export function onlyShape({ shapes, made }: Known): Shape {
  const [shape, ...others] = shapes;
  if (shape === undefined || made || others.some(({ path, type }) => path !== shape.path || type !== shape.type))
    throw new NotPlain('items of several kinds');
  return shape;
}
