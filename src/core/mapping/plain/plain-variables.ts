import { lookedAt } from '../../fhirpath/plain/plain-member.ts';
import { withoutBookkeeping } from '../plain-value.ts';
import type { Template, Variable } from '../template.ts';
import type { MappingRunOnPlain } from './mapping-run.ts';
import { type PlainBench, plainExpression } from './plain-expression.ts';
import { inSlot, type PlainName, type PlainNames, simpleName, workedOut } from './plain-names.ts';

interface Entered {
  readonly names: PlainNames;
  /** Fills the slots of the variables, one after the other. */
  readonly enter: (run: MappingRunOnPlain) => void;
}

/** Variables, each seeing those before it. */
export function plainVariables(variables: readonly Variable[], names: PlainNames, bench: PlainBench): Entered {
  const inner = new Map(names);
  const steps = variables.map(({ name, value }) => {
    const made = plainVariable(value, inner, bench);
    inner.set(name, made.name);
    return made.fill;
  });
  return { names: inner, enter: inTurn(steps) };
}

/** The parameters of a fragment: they see what is around it, and the fragment sees only them and what every mapping sees. */
export function plainParameters(parameters: readonly Variable[], around: PlainNames, bench: PlainBench): Entered {
  const inner = new Map(bench.fixed);
  const steps = parameters.map(({ name, value }) => {
    const made = plainVariable(value, around, bench);
    inner.set(name, made.name);
    return made.fill;
  });
  return { names: inner, enter: inTurn(steps) };
}

type Fill = (run: MappingRunOnPlain) => void;

function inTurn(steps: readonly Fill[]): Fill {
  return (run) => {
    for (const fill of steps) fill(run);
  };
}

interface MadeVariable {
  readonly name: PlainName;
  readonly fill: Fill;
}

function plainVariable(template: Template, names: PlainNames, bench: PlainBench): MadeVariable {
  if (template.kind !== 'first' && template.kind !== 'all') return producedVariable(template, names, bench);
  const { plain, nodes } = plainExpression(template.expression, names, bench);
  const onlyFirst = template.kind === 'first';
  const withNodes = bench.nextSlot();
  const itemsWithNodes = workedOut(withNodes, (run) => (onlyFirst ? nodes(run).slice(0, 1) : nodes(run)));
  if (plain === undefined) {
    return {
      name: { nodes: itemsWithNodes },
      fill(run) {
        run.slots[withNodes] = undefined;
        itemsWithNodes(run);
      },
    };
  }
  const slot = bench.nextSlot();
  const { give, known } = plain;
  return {
    name: { plain: inSlot(slot, known), nodes: itemsWithNodes },
    fill(run) {
      const items = give(run);
      run.slots[slot] = lookedAt(onlyFirst && Array.isArray(items) ? items[0] : items, known);
      run.slots[withNodes] = undefined;
    },
  };
}

/** What a template makes. Only of a text is it sure that expressions on plain data see in it what others see. */
function producedVariable(template: Template, names: PlainNames, bench: PlainBench): MadeVariable {
  const make = bench.template(template, names);
  const slot = bench.nextSlot();
  const isSimple = template.kind === 'text' || template.kind === 'constant';
  return {
    name: isSimple ? simpleName(slot) : { nodes: (run) => run.slots[slot] },
    fill(run) {
      run.slots[slot] = withoutBookkeeping(make(run));
    },
  };
}
