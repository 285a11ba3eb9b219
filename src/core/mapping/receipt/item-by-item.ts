import type { PathFunction } from '../../fhirpath/compiler.ts';
import { Derived, Node } from '../../fhirpath/items.ts';
import { rootShape } from '../../fhirpath/shapes.ts';
import { sourcesOf } from '../../fhirpath/tracing.ts';

const UNTYPED = rootShape(undefined);

/** A function that works on each item by itself: what it makes of one comes from that one, and from no other. */
export function itemByItem<Given>({ parameters, run }: PathFunction<Given>): PathFunction<Given> {
  return {
    parameters,
    run: (items, args, given) =>
      items.flatMap((item) =>
        run([item], args, given).map((made) =>
          made instanceof Node ? made : new Derived(made, UNTYPED, sourcesOf(item)),
        ),
      ),
  };
}
