import { errorAt, type Problem } from '../problem.ts';
import { field, items, numberOf, type Spot, textOf } from '../spot.ts';

/** Each partner is one, has the doors that its kind needs, and no two of the same sort. */
export function partnerProblems(root: Spot): Problem[] {
  const partners = items(field(root, 'partners'));
  return [...duplicates(partners), ...partners.flatMap(doors), ...partners.flatMap(retries)];
}

function duplicates(partners: readonly Spot[]): Problem[] {
  const seen = new Set<string>();
  return partners.flatMap((partner) => {
    const spot = field(partner, 'id');
    const id = textOf(spot);
    if (id === undefined) return [];
    if (id === 'hearback') return [errorAt(spot.path, RESERVED)];
    if (seen.has(id)) return [errorAt(spot.path, DUPLICATE)];
    seen.add(id);
    return [];
  });
}

/** Which types of inlet and outlet each kind of partner has. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'gp-system': ['fhir', 'mllp', 'amqp'],
  'vcse-platform': ['webhook', 'mllp', 'amqp'],
};
const TYPES: readonly unknown[] = ['fhir', 'webhook', 'mllp', 'amqp'];

function doors(partner: Spot): Problem[] {
  const kind = textOf(field(partner, 'kind')) ?? '';
  const wanted = Object.hasOwn(DOORS, kind) ? DOORS[kind] : undefined;
  if (wanted === undefined) return [];
  const problems = [
    ...wrongDoors(field(partner, 'inlets'), wanted),
    ...wrongDoors(field(partner, 'outlets'), wanted),
    ...secondOutlets(field(partner, 'outlets')),
  ];
  if (isBare(field(partner, 'inlets'))) problems.push(errorAt(field(partner, 'inlets').path, noInlet(wanted), 'key'));
  if (kind === 'vcse-platform' && isBare(field(partner, 'outlets'))) {
    problems.push(errorAt(field(partner, 'outlets').path, NO_OUTLET, 'key'));
  }
  return problems;
}

function wrongDoors(list: Spot, wanted: readonly string[]): Problem[] {
  return items(list).flatMap((door, position) => {
    const type = field(door, 'type');
    if (!TYPES.includes(type.value)) return [];
    if (!wanted.some((one) => one === type.value)) return [errorAt(type.path, wrongChannel(wanted))];
    return position === 0 ? [] : secondDoor(list, position);
  });
}

/** Addresses and queues go by partner: a second door of the same type could never be told from the first. */
function secondDoor(list: Spot, position: number): Problem[] {
  const first = items(list).findIndex(
    (other) => field(other, 'type').value === field(items(list)[position] ?? other, 'type').value,
  );
  return first < position ? [errorAt([...list.path, position], SECOND)] : [];
}

/** What is sent goes one way; a second one would never be used. Two of one type are said to be two already. */
function secondOutlets(list: Spot): Problem[] {
  const [first, ...others] = items(list);
  const type = first && field(first, 'type').value;
  return others.filter((other) => field(other, 'type').value !== type).map(({ path }) => errorAt(path, SECOND_OUTLET));
}

function isBare(list: Spot): boolean {
  return list.value === undefined || (Array.isArray(list.value) && list.value.length === 0);
}

function retries(partner: Spot): Problem[] {
  return items(field(partner, 'outlets')).flatMap((outlet) => {
    const retry = field(outlet, 'retry');
    const initial = numberOf(field(retry, 'initialMs'));
    const max = numberOf(field(retry, 'maxMs'));
    return initial !== undefined && max !== undefined && initial > max
      ? [errorAt(field(retry, 'maxMs').path, RETRY_ORDER)]
      : [];
  });
}

const DUPLICATE = {
  rule: 'config/duplicate-partner',
  message: 'Another partner above has this id.',
  remedy: 'Give each partner an id of its own.',
};

const RESERVED = {
  rule: 'config/reserved-id',
  message: "This id is the engine's own name in the ledger.",
  remedy: 'Choose another id.',
};

const NO_OUTLET = {
  rule: 'config/no-outlet',
  message: 'The platform has no outlet: no referral could reach it.',
  remedy: 'Add an outlet of type webhook, mllp or amqp.',
};

const SECOND = {
  rule: 'config/overlapping',
  message: 'The partner already has one of this type: the two could not be told apart.',
  remedy: 'Keep one; during a change of credentials list both under its secrets or tokens.',
};

const SECOND_OUTLET = {
  rule: 'config/overlapping',
  message: 'The partner already has an outlet: what is sent goes one way.',
  remedy: 'Keep the outlet by which it is to be told.',
};

const RETRY_ORDER = {
  rule: 'config/retry-order',
  message: '`maxMs` is shorter than `initialMs`.',
  remedy: 'Make the longest pause at least as long as the first.',
};

function noInlet(types: readonly string[]) {
  return {
    rule: 'config/no-inlet',
    message: 'The partner has no inlet: nothing it says could reach the engine.',
    remedy: `Add an inlet of type ${types.join(' or ')}.`,
  };
}

function wrongChannel(wanted: readonly string[]) {
  return {
    rule: 'config/wrong-channel',
    message: 'A partner of this kind does not speak this way.',
    remedy: `Use type ${wanted.join(' or ')}, or correct the partner's \`kind\`: GP systems speak fhir, mllp or amqp, VCSE platforms webhook, mllp or amqp.`,
  };
}
