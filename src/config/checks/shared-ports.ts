import { errorAt, type Flaw, type Path, type Problem } from '../problem.ts';
import { field, isSection, items, numberOf, type Spot, textOf } from '../spot.ts';

interface Door {
  readonly host: string;
  readonly port: number;
  readonly path: Path;
}

/**
 * Doors that speak different things need a port each: the engine would find the second one taken, by itself.
 * That HL7 v2 partners may share a port is another check's business.
 */
export function sharedPortProblems(root: Spot): Problem[] {
  const engine = field(root, 'engine');
  const metrics = field(engine, 'metrics');
  const doors = [doorAt(field(engine, 'listen'), 8_080), ...(isSection(metrics.value) ? [doorAt(metrics, 9_464)] : [])];
  const mllpHost = textOf(field(engine, 'mllp', 'host')) ?? LOOPBACK;
  const ofMllp = items(field(root, 'partners'))
    .flatMap((partner) => items(field(partner, 'inlets')))
    .filter((inlet) => field(inlet, 'type').value === 'mllp')
    .map((inlet) => ({ ...doorAt(inlet, 2_575), host: mllpHost }));
  const [listen, ...others] = doors;
  const pairs = [...others.map((door) => [door, [listen]] as const), ...ofMllp.map((door) => [door, doors] as const)];
  return pairs.flatMap(([door, before]) =>
    before.some((other) => other !== undefined && areOne(door, other)) ? [errorAt(door.path, TAKEN)] : [],
  );
}

const LOOPBACK = '127.0.0.1';

function doorAt(section: Spot, usual: number): Door {
  const port = field(section, 'port');
  const path = port.value === undefined ? section.path : port.path;
  return { host: textOf(field(section, 'host')) ?? LOOPBACK, port: numberOf(port) ?? usual, path };
}

/** Port 0 is another one each time; an address that means every interface takes the port of all others. */
function areOne(one: Door, other: Door): boolean {
  const isEvery = ({ host }: Door) => host === '0.0.0.0' || host === '::';
  return one.port === other.port && one.port !== 0 && (one.host === other.host || isEvery(one) || isEvery(other));
}

const TAKEN: Flaw = {
  rule: 'config/shared-port',
  message: 'Another door of this engine listens on the same port: it could not start.',
  remedy: 'Give each of `engine.listen`, `engine.metrics` and the inlets of type mllp a port of its own.',
};
