import { worldOf } from '../../fhirpath/delegate.ts';
import { Derived, isObject, type Node } from '../../fhirpath/items.ts';
import { nodeFor } from '../../fhirpath/navigation.ts';
import type { PublicModel } from '../../fhirpath/package-values.ts';
import { sourcesOf } from '../../fhirpath/tracing.ts';
import type { Place } from '../../finding.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Workbench } from '../compile-expression.ts';
import type { Watch } from '../template-watch.ts';
import { Production, partOf } from './production.ts';
import { Trail } from './trail.ts';

interface ReceiptTools {
  readonly newTrail: () => Trail;
  readonly watch: Watch;
  readonly around: NonNullable<Workbench['around']>;
}

interface ToolsOrder {
  readonly place: (offset: number) => Place;
  readonly model: PublicModel | undefined;
  readonly terminology: Terminology;
}

/** What stands around the parts of a mapping that is compiled for receipts, so that each run leaves a trail. */
export function receiptTools({ place, model, terminology }: ToolsOrder): ReceiptTools {
  return {
    newTrail: () => new Trail(terminology),
    watch: trailing(place),
    around: { deciding, variable: variableOf(model) },
  };
}

function trailing(place: ToolsOrder['place']): Watch {
  return (template, produce) => {
    const part = partOf(template, place);
    const holds = template.kind === 'object' || template.kind === 'list';
    return (state, scope) => {
      const { trail } = state;
      if (trail === undefined) return produce(state, scope);
      const { made, found } = trail;
      if (holds) trail.made = [];
      else trail.found = [];
      const value = produce(state, scope);
      const production = new Production(part, value, trail.found ?? [], holds ? trail.made : undefined);
      trail.made = made;
      trail.found = found;
      made.push(production);
      return value;
    };
  };
}

const deciding: ReceiptTools['around']['deciding'] = (evaluate) => (state, scope) => {
  const { trail } = state;
  if (trail === undefined) return evaluate(state, scope);
  const { deciding: outer, found } = trail;
  trail.deciding = true;
  trail.found = undefined;
  const items = evaluate(state, scope);
  trail.deciding = outer;
  trail.found = found;
  return items;
};

/** A variable that a template makes is plain data: it is told what all of it comes from. */
function variableOf(model: PublicModel | undefined): ReceiptTools['around']['variable'] {
  const world = worldOf(model);
  return (produce) => (state, scope) => {
    const { trail } = state;
    if (trail === undefined) return produce(state, scope);
    const { made, found } = trail;
    trail.made = [];
    trail.found = undefined;
    const value = produce(state, scope);
    const sources = [...new Set(trail.made.flatMap(sourcesWithin))];
    trail.made = made;
    trail.found = found;
    const derived = (one: unknown): unknown =>
      isTyped(one) ? new Derived(one, nodeFor(one, world).shape, sources) : one;
    return Array.isArray(value) ? value.map(derived) : derived(value);
  };
}

/** Nothing has no sources, and what calls itself a resource without saying which is left to the package as it is. */
function isTyped(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return !isObject(value) || !value['resourceType'] || typeof value['resourceType'] === 'string';
}

function sourcesWithin({ found, within }: Production): Node[] {
  if (within !== undefined) return within.flatMap(sourcesWithin);
  return found.flatMap(({ items }) => items.flatMap((item) => [...sourcesOf(item)]));
}
