import { patternOf, topicsOverlap } from '../../core/amqp/topic-overlap.ts';
import { answersOf, refusedOf } from '../amqp-names.ts';
import { didYouMean } from '../did-you-mean.ts';
import { errorAt, type Flaw, type Path, type Problem } from '../problem.ts';
import { field, isSection, items, type Spot, textOf } from '../spot.ts';

/**
 * Doors of type amqp: their broker is there, what comes in is read by something, and no partner's messages can end in another's
 * queue. On a broker a name is a place: a queue belongs to one door, and where doors share an exchange their routing keys part.
 */
export function amqpDoorProblems(root: Spot): Problem[] {
  const brokers = items(field(root, 'engine', 'brokers')).flatMap((broker) => textOf(field(broker, 'name')) ?? []);
  const partners = items(field(root, 'partners'));
  const inlets = partners.flatMap((partner) => doorsOf(partner, 'inlets'));
  const outlets = partners.flatMap((partner) => doorsOf(partner, 'outlets'));
  const ways = partners.flatMap((partner) => doorsOf(partner, 'inlets').flatMap((inlet) => inwardWays(inlet, partner)));
  return [
    ...[...inlets, ...outlets].flatMap((door) => unknownBroker(door, brokers)),
    ...partners.flatMap(asItsKindNeeds),
    ...outlets.flatMap(leadsSomewhere),
    ...crossings([...ways, ...outlets.flatMap(outwardWays)]),
  ];
}

/** A platform's messages are read and made by mappings; a GP system's are FHIR, which needs none. */
function asItsKindNeeds(partner: Spot): Problem[] {
  const [inlets, outlets] = [doorsOf(partner, 'inlets'), doorsOf(partner, 'outlets')];
  if (isGp(partner)) return [...inlets.flatMap(unmapped), ...outlets.flatMap((outlet) => ofGpOutlet(outlet, inlets))];
  return [...inlets.flatMap(readBySomething), ...inlets.flatMap(ofGpOnly), ...outlets.flatMap(ofPlatformOutlet)];
}

function isGp(partner: Spot): boolean {
  return field(partner, 'kind').value === 'gp-system';
}

function unmapped(door: Spot): Problem[] {
  const given = ['mapping', 'mappings'].map((key) => field(door, key)).filter(({ value }) => value !== undefined);
  return given.map(({ path }) => errorAt(path, IS_FHIR, 'key'));
}

function ofGpOutlet(outlet: Spot, inlets: readonly Spot[]): Problem[] {
  const acknowledges = field(outlet, 'acknowledges');
  const isHeard = acknowledges.value === 'technical' || acknowledges.value === 'business';
  return [...unmapped(outlet), ...(isHeard && inlets.length === 0 ? [errorAt(acknowledges.path, NO_WAY_BACK)] : [])];
}

function ofGpOnly(inlet: Spot): Problem[] {
  const given = ['answers', 'dialect'].map((key) => field(inlet, key)).filter(({ value }) => value !== undefined);
  return given.map(({ path }) => errorAt(path, ANSWERS_GPS, 'key'));
}

function ofPlatformOutlet(outlet: Spot): Problem[] {
  const [mappings, acknowledges] = [field(outlet, 'mappings'), field(outlet, 'acknowledges')];
  return [
    ...(mappings.value === undefined ? [errorAt(mappings.path, NO_MAPPINGS, 'key')] : []),
    ...(acknowledges.value === 'technical' ? [errorAt(acknowledges.path, SAYS_NO_MORE)] : []),
  ];
}

function doorsOf(partner: Spot, list: 'inlets' | 'outlets'): Spot[] {
  return items(field(partner, list)).filter((door) => field(door, 'type').value === 'amqp');
}

function unknownBroker(door: Spot, known: readonly string[]): Problem[] {
  const spot = field(door, 'broker');
  const name = textOf(spot);
  return name === undefined || known.includes(name) ? [] : [errorAt(spot.path, noBroker(name, known))];
}

function readBySomething(inlet: Spot): Problem[] {
  const [one, several] = [field(inlet, 'mapping'), field(inlet, 'mappings')];
  if (one.value !== undefined && several.value !== undefined) return [errorAt(one.path, TWO_READERS, 'key')];
  const isEmpty = isSection(several.value) && Object.keys(several.value).length === 0;
  return (one.value === undefined && several.value === undefined) || isEmpty
    ? [errorAt(isEmpty ? several.path : inlet.path, NO_READER)]
    : [];
}

function leadsSomewhere(outlet: Spot): Problem[] {
  const queue = field(outlet, 'queue');
  if (queue.value === undefined && field(outlet, 'exchange').value === undefined) {
    return [errorAt(queue.path, NOWHERE, 'key')];
  }
  const taken = topics(outlet, 'bind');
  const isTaken = taken.some((pattern) => topicsOverlap(pattern, keysOf(outlet)));
  return queue.value === undefined || isTaken ? [] : [errorAt(field(outlet, 'routingKey').path, UNBOUND, 'key')];
}

/* ------------------------------------------------------------------ ways that must not cross */

/** One way through a broker: what is published to an exchange, and the queue it is to end in. */
interface Way {
  readonly path: Path;
  readonly broker: string;
  readonly exchange: string;
  readonly queue: string | undefined;
  /** Routing keys that are published. */
  readonly keys: readonly string[];
  /** Routing keys that lead to the queue. */
  readonly bind: readonly string[];
}

function inwardWays(inlet: Spot, partner: Spot): Way[] {
  const [broker, queue] = [textOf(field(inlet, 'broker')), textOf(field(inlet, 'queue'))];
  if (broker === undefined || queue === undefined) return [];
  const bind = topics(inlet, 'bind');
  const { path } = field(inlet, 'queue');
  const own = [textOf(field(inlet, 'refused')) ?? refusedOf(queue)];
  if (isGp(partner)) own.push(textOf(field(inlet, 'answers')) ?? answersOf(queue));
  return [
    { path, broker, queue, exchange: textOf(field(inlet, 'exchange')) ?? queue, keys: bind, bind },
    ...own.map((name): Way => ({ path, broker, queue: name, exchange: name, keys: ['#'], bind: ['#'] })),
  ];
}

function outwardWays(outlet: Spot): Way[] {
  const [broker, queue] = [textOf(field(outlet, 'broker')), textOf(field(outlet, 'queue'))];
  const exchange = textOf(field(outlet, 'exchange')) ?? queue;
  if (broker === undefined || exchange === undefined) return [];
  return [{ path: outlet.path, broker, exchange, queue, keys: [keysOf(outlet)], bind: topics(outlet, 'bind') }];
}

function crossings(ways: readonly Way[]): Problem[] {
  return ways.flatMap((way, position) => {
    const before = ways.slice(0, position).filter(({ broker }) => broker === way.broker);
    if (before.some(({ queue }) => queue !== undefined && queue === way.queue)) return [errorAt(way.path, SAME_QUEUE)];
    const crossed = before.some((other) => strays(way, other) || strays(other, way));
    return crossed ? [errorAt(way.path, SAME_KEYS)] : [];
  });
}

/** Whether something that is published on one way ends in the queue of the other. A queue that the partner binds nobody can see. */
function strays(from: Way, into: Way): boolean {
  if (from.exchange !== into.exchange) return false;
  const ends = into.queue === undefined ? into.keys : into.bind;
  return from.keys.some((key) => ends.some((pattern) => topicsOverlap(key, pattern)));
}

function topics(door: Spot, key: string): string[] {
  const written = items(field(door, key)).flatMap((spot) => textOf(spot) ?? []);
  return written.length === 0 ? ['#'] : written;
}

function keysOf(outlet: Spot): string {
  return patternOf(textOf(field(outlet, 'routingKey')) ?? '{type}');
}

function noBroker(name: string, known: readonly string[]): Flaw {
  return {
    rule: 'config/unknown-broker',
    message: `There is no broker "${name}" in engine.brokers.${didYouMean(name, known)}`,
    remedy: 'Add it to engine.brokers, or name one that is there.',
  };
}

const TWO_READERS: Flaw = {
  rule: 'config/overlapping',
  message: 'Both `mapping` and `mappings` are given: which of them reads a message would be a guess.',
  remedy: 'Keep `mapping` when one reads everything, or `mappings` by the type of a message.',
};

const NO_READER: Flaw = {
  rule: 'config/missing',
  message: 'No mapping is named: nothing that comes here could be read.',
  remedy: 'Add `mapping` for all messages, or `mappings` by their type.',
};

const IS_FHIR: Flaw = {
  rule: 'config/wrong-kind',
  message: 'A GP system sends and is sent FHIR here: no mapping would be used.',
  remedy: 'Remove it.',
};

const ANSWERS_GPS: Flaw = {
  rule: 'config/wrong-kind',
  message: 'Only a GP system, which sends FHIR, is answered over a broker.',
  remedy: 'Remove it; a platform sees what is refused at `refused`.',
};

const NO_MAPPINGS: Flaw = {
  rule: 'config/missing',
  message: '"mappings" is missing: without it nothing could be made for this platform.',
  remedy: 'Name a mapping for "referral", and those for "update" and "cancel".',
};

const SAYS_NO_MORE: Flaw = {
  rule: 'config/wrong-kind',
  message: 'Only a GP system acknowledges single messages by a message of its own.',
  remedy: 'Use `transport`, or `business` when the delivery is to count once the platform has said something.',
};

const NO_WAY_BACK: Flaw = {
  rule: 'config/no-way-back',
  message: 'Its acknowledgements come by themselves, and the partner has no inlet of type amqp to bring them to.',
  remedy: 'Add an inlet of type amqp, or promise less with `acknowledges: transport`.',
};

const NOWHERE: Flaw = {
  rule: 'config/missing',
  message: 'Neither `queue` nor `exchange` is given: there is nowhere to publish to.',
  remedy: 'Name the queue that the partner takes its messages from.',
};

const UNBOUND: Flaw = {
  rule: 'config/unbound',
  message: 'No pattern in `bind` takes this routing key: nothing that is sent could reach the queue.',
  remedy: 'Add a pattern to `bind` that takes it.',
};

const SAME_QUEUE: Flaw = {
  rule: 'config/overlapping',
  message: 'Another door above has this queue on the same broker: who speaks, and to whom, could not be told.',
  remedy: 'Give each door a queue of its own (and another `refused` or `answers`).',
};

const SAME_KEYS: Flaw = {
  rule: 'config/overlapping',
  message: 'Another door above shares the exchange, and messages of one of them can end in the queue of the other.',
  remedy:
    'Give it an exchange of its own, or part them by `routingKey` and `bind`: "casework.{type}" and ["casework.#"].',
};
