import type { Terminology } from '../terminology/terminology.ts';
import type { ReferralFacts } from './referral-facts.ts';

/** One line of the routing table: every condition that is stated must hold; within one, any value. */
export interface Route {
  readonly name: string;
  /** Partner ids of the platforms it sends to. */
  readonly to: readonly string[];
  readonly when: RouteConditions;
  /** `closed`: the service takes nobody now; the route is passed over and the decision says so. */
  readonly capacity: 'open' | 'closed';
}

export interface RouteConditions {
  readonly need?: CodeCondition | undefined;
  readonly service?: CodeCondition | undefined;
  /** ODS codes. */
  readonly practice?: readonly string[] | undefined;
  /** Postcode districts, `SE15`. */
  readonly postcode?: readonly string[] | undefined;
  /** Whole years, both ends included. */
  readonly age?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
}

export interface CodeCondition {
  /** `system|code`. */
  readonly codes?: readonly string[] | undefined;
  readonly valueSet?: string | undefined;
}

export interface RouteChoice {
  /** Platforms to send to, each once, in the order of the routes. Empty: nothing fits. */
  readonly platforms: readonly string[];
  /** One line per route for the log and for the hold: which matched, and the first reason of each that did not. Codes and names only. */
  readonly reasons: readonly RouteReason[];
}

export interface RouteReason {
  readonly route: string;
  readonly taken: boolean;
  /** Why in a word, for the message log: `taken`, or the condition that does not hold. */
  readonly is: 'taken' | Obstacle;
  /** The same as a sentence. */
  readonly why: string;
}

/** Every route that fits is taken: one referral may go to several platforms. */
export function chooseRoutes(routes: readonly Route[], facts: ReferralFacts, terminology: Terminology): RouteChoice {
  const reasons = routes.map((route): RouteReason => {
    const obstacle = obstacleOf(route, facts, terminology);
    const is = obstacle ?? 'taken';
    return { route: route.name, taken: obstacle === undefined, is, why: WORDS[is] };
  });
  const platforms = routes.flatMap((route, position) => (reasons[position]?.taken ? route.to : []));
  return { platforms: [...new Set(platforms)], reasons };
}

const WORDS = {
  taken: 'all conditions hold',
  need: 'no need code fits',
  service: 'no requested service fits',
  practice: 'the practice is not covered',
  postcode: 'the postcode district is not covered',
  'age-unknown': 'the age is unknown',
  age: 'the age is not covered',
  capacity: 'no capacity',
} as const;

type Obstacle = Exclude<keyof typeof WORDS, 'taken'>;

function obstacleOf(route: Route, facts: ReferralFacts, terminology: Terminology): Obstacle | undefined {
  const { need, service, practice, postcode, age } = route.when;
  if (need && !anyCode(need, facts.needs, terminology)) return 'need';
  if (service && !anyCode(service, facts.services, terminology)) return 'service';
  if (practice && !overlap(practice, facts.practices)) return 'practice';
  if (postcode && !overlap(postcode, facts.postcodeDistricts)) return 'postcode';
  if (age && !ageFits(age, facts.age)) return facts.age === undefined ? 'age-unknown' : 'age';
  // Last, so that "closed" is only said of a service that would have fitted.
  if (route.capacity === 'closed') return 'capacity';
  return undefined;
}

function anyCode(condition: CodeCondition, codes: readonly string[], terminology: Terminology): boolean {
  return codes.some((token) => {
    if (condition.codes?.includes(token)) return true;
    if (condition.valueSet === undefined) return false;
    const bar = token.lastIndexOf('|');
    return terminology.member(condition.valueSet, token.slice(0, bar), token.slice(bar + 1)) === 'yes';
  });
}

function overlap(wanted: readonly string[], found: readonly string[]): boolean {
  return wanted.some((value) => found.includes(value.toUpperCase()));
}

function ageFits(range: { min?: number | undefined; max?: number | undefined }, age: number | undefined): boolean {
  if (age === undefined) return false;
  return age >= (range.min ?? 0) && age <= (range.max ?? Number.POSITIVE_INFINITY);
}
