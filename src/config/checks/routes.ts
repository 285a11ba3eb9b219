import { didYouMean } from '../did-you-mean.ts';
import { errorAt, type Problem, warningAt } from '../problem.ts';
import { field, isSection, items, numberOf, type Spot, textOf } from '../spot.ts';

/** Routes lead to platforms that exist, and say openly when they take everything. */
export function routeProblems(root: Spot): Problem[] {
  const partners = items(field(root, 'partners'));
  const routes = items(field(root, 'routes'));
  return [
    ...duplicates(routes),
    ...routes.flatMap((route) => destinations(route, partners)),
    ...routes.flatMap(conditions),
    ...unreached(partners, routes),
    ...(routes.length === 0 && partners.length > 0 ? [warningAt(['routes'], NO_ROUTES, 'key')] : []),
  ];
}

function duplicates(routes: readonly Spot[]): Problem[] {
  const seen = new Set<unknown>();
  return routes.flatMap((route) => {
    const name = field(route, 'name');
    if (name.value === undefined || !seen.has(name.value)) {
      seen.add(name.value);
      return [];
    }
    return [errorAt(name.path, DUPLICATE)];
  });
}

function destinations(route: Spot, partners: readonly Spot[]): Problem[] {
  return items(field(route, 'to')).flatMap((spot) => {
    const id = textOf(spot);
    if (id === undefined) return [];
    const named = partners.filter((partner) => field(partner, 'id').value === id);
    if (named.length === 0) return [errorAt(spot.path, unknownPartner(id, platformIds(partners)))];
    const onlyGp = named.every((partner) => field(partner, 'kind').value === 'gp-system');
    return onlyGp ? [errorAt(spot.path, WRONG_KIND)] : [];
  });
}

function conditions(route: Spot): Problem[] {
  const when = field(route, 'when');
  const all = field(route, 'all').value === true;
  const stated = isSection(when.value) && Object.keys(when.value).length > 0;
  const problems: Problem[] = [];
  if (all && stated) problems.push(errorAt(field(route, 'all').path, ALL_AND_WHEN, 'key'));
  if (!all && !stated && isSection(route.value)) problems.push(errorAt(when.path, TAKES_ALL, 'key'));
  for (const name of ['need', 'service']) {
    const codes = field(when, name);
    if (isSection(codes.value) && Object.keys(codes.value).length === 0)
      problems.push(errorAt(codes.path, NO_CODES, 'key'));
  }
  const age = field(when, 'age');
  const [min, max] = [numberOf(field(age, 'min')), numberOf(field(age, 'max'))];
  if (min !== undefined && max !== undefined && min > max) problems.push(errorAt(field(age, 'max').path, AGE_ORDER));
  return problems;
}

function unreached(partners: readonly Spot[], routes: readonly Spot[]): Problem[] {
  if (routes.length === 0) return [];
  const reached = new Set(routes.flatMap((route) => items(field(route, 'to')).map(textOf)));
  return partners.flatMap((partner) => {
    const id = field(partner, 'id');
    const platform = field(partner, 'kind').value === 'vcse-platform';
    return platform && textOf(id) !== undefined && !reached.has(textOf(id)) ? [warningAt(id.path, UNREACHED)] : [];
  });
}

function platformIds(partners: readonly Spot[]): string[] {
  const platforms = partners.filter((partner) => field(partner, 'kind').value !== 'gp-system');
  return platforms.flatMap((partner) => textOf(field(partner, 'id')) ?? []);
}

function unknownPartner(id: string, known: readonly string[]) {
  const remedy = known.length > 0 ? `Platforms here: ${known.join(', ')}.` : 'Add the platform under `partners`.';
  return { rule: 'config/unknown-partner', message: `There is no partner "${id}".${didYouMean(id, known)}`, remedy };
}

const DUPLICATE = {
  rule: 'config/duplicate-route',
  message: 'Another route above has this name.',
  remedy: 'Give each route a name of its own: the log and the holds tell them apart by it.',
};

const WRONG_KIND = {
  rule: 'config/wrong-kind',
  message: 'A route leads to a VCSE platform; this partner is a GP system.',
  remedy: 'Name a partner whose kind is vcse-platform.',
};

const ALL_AND_WHEN = {
  rule: 'config/route-conditions',
  message: 'The route says both `all: true` and conditions.',
  remedy: 'Keep one: `all: true` is for a route that every referral takes.',
};

const TAKES_ALL = {
  rule: 'config/route-conditions',
  message: 'The route has no conditions: every referral would be sent this way.',
  remedy: 'Add conditions under `when`, or say `all: true` if that is meant.',
};

const NO_CODES = {
  rule: 'config/route-conditions',
  message: 'The condition names no codes: nothing could fit it.',
  remedy: 'Add `codes`, or `valueSet`, or delete the condition.',
};

const AGE_ORDER = {
  rule: 'config/age-order',
  message: 'The oldest age is below the youngest: nobody could fit.',
  remedy: 'Make `max` at least as high as `min`.',
};

const UNREACHED = {
  rule: 'config/unreached-partner',
  message: 'No route leads to this platform.',
  remedy: 'Add it to the `to` of a route, or remove the partner.',
};

const NO_ROUTES = {
  rule: 'config/no-routes',
  message: 'There are no routes: every referral will be recorded as unmet need and held.',
  remedy: 'Add at least one route.',
};
