import type { ConsoleRole } from '../ports-console.ts';

/**
 * Every route of the console, and who may use it. The router is made from this table and from nothing else, and so are the tests that
 * try each route as everybody: a route without an entry cannot exist, nor an entry without a handler (pages/all-pages.ts).
 */
export type RouteAccess = RouteAsked & RouteStanding;

/** `changes`: what a POST may change. `road`: something of referrals, mappings or partners, which an auditor never does. */
type RouteAsked =
  | { readonly method: 'GET'; readonly changes?: never }
  | { readonly method: 'POST'; readonly changes: 'session' | 'road' };

interface RouteStanding {
  /** Below `/console`; `:name` is a parameter. */
  readonly path: string;
  /** `anyone`: without a session. `signed-in`: whatever the roles. */
  readonly roles: readonly ConsoleRole[] | 'anyone' | 'signed-in';
  /**
   * What a page may show. `patients`: its handler must say at which loop or message it lets somebody look (`looks`), and that is
   * written down before the page is sent. `masked`: patient data may stand on it once it is unmasked; then the handler says so too.
   */
  readonly shows: 'nothing' | 'codes' | 'masked' | 'patients';
  /** What an account that is limited to partners meets: a page that shows only theirs (`theirs`; the handler sees to it), or none. */
  readonly limited: 'theirs' | 'closed';
  /** Its link in the navigation. */
  readonly navigation?: string;
  /** Longest form in KiB; 64 when left out. */
  readonly formKb?: number;
}

const EVERY_ROLE = ['auditor', 'engineer', 'operator'] as const;

export const ROUTES = {
  asset: { method: 'GET', path: '/static/:release/*file', roles: 'anyone', shows: 'nothing', limited: 'theirs' },
  signIn: { method: 'GET', path: '/sign-in', roles: 'anyone', shows: 'nothing', limited: 'theirs' },
  trySignIn: {
    method: 'POST',
    changes: 'session',
    path: '/sign-in',
    roles: 'anyone',
    shows: 'nothing',
    limited: 'theirs',
  },
  openIdStart: { method: 'GET', path: '/sign-in/start', roles: 'anyone', shows: 'nothing', limited: 'theirs' },
  openIdReturn: { method: 'GET', path: '/sign-in/return', roles: 'anyone', shows: 'nothing', limited: 'theirs' },
  signOut: {
    method: 'POST',
    changes: 'session',
    path: '/sign-out',
    roles: 'signed-in',
    shows: 'nothing',
    limited: 'theirs',
  },
  overview: {
    method: 'GET',
    path: '/',
    roles: EVERY_ROLE,
    shows: 'codes',
    limited: 'theirs',
    navigation: 'Overview',
  },
  loops: {
    method: 'GET',
    path: '/loops',
    roles: EVERY_ROLE,
    shows: 'masked',
    limited: 'theirs',
    navigation: 'Loops',
  },
  findLoops: {
    method: 'POST',
    changes: 'session',
    path: '/loops',
    roles: EVERY_ROLE,
    shows: 'nothing',
    limited: 'theirs',
  },
  loop: { method: 'GET', path: '/loops/:referral', roles: EVERY_ROLE, shows: 'masked', limited: 'theirs' },
  certificate: {
    method: 'GET',
    path: '/loops/:referral/certificate',
    roles: EVERY_ROLE,
    shows: 'masked',
    limited: 'theirs',
  },
  certificateFile: {
    method: 'GET',
    path: '/loops/:referral/certificate/:form',
    roles: EVERY_ROLE,
    shows: 'masked',
    limited: 'theirs',
  },
  holds: {
    method: 'GET',
    path: '/holds',
    roles: ['auditor', 'engineer'],
    shows: 'codes',
    limited: 'closed',
    navigation: 'Holds',
  },
  hold: { method: 'GET', path: '/holds/:hold', roles: ['auditor', 'engineer'], shows: 'codes', limited: 'closed' },
  decideHold: {
    method: 'POST',
    changes: 'road',
    path: '/holds/:hold',
    roles: ['engineer'],
    shows: 'codes',
    limited: 'closed',
  },
  mappings: {
    method: 'GET',
    path: '/mappings',
    roles: ['engineer'],
    shows: 'codes',
    limited: 'closed',
    navigation: 'Mappings',
  },
  workbench: { method: 'GET', path: '/workbench', roles: ['engineer'], shows: 'masked', limited: 'closed' },
  tryMapping: {
    method: 'POST',
    changes: 'session',
    path: '/workbench',
    roles: ['engineer'],
    shows: 'nothing',
    limited: 'closed',
    formKb: 1024,
  },
  mapping: { method: 'GET', path: '/mappings/:mapping', roles: ['engineer'], shows: 'codes', limited: 'closed' },
  confirmHold: {
    method: 'POST',
    changes: 'road',
    path: '/holds/:hold/confirm',
    roles: ['engineer'],
    shows: 'codes',
    limited: 'closed',
  },
  withdrawHold: {
    method: 'POST',
    changes: 'road',
    path: '/holds/:hold/withdraw',
    roles: ['engineer'],
    shows: 'codes',
    limited: 'closed',
  },
  confirmReplay: {
    method: 'POST',
    changes: 'road',
    path: '/messages/:message/replay/confirm',
    roles: ['engineer'],
    shows: 'codes',
    limited: 'closed',
  },
  withdrawReplay: {
    method: 'POST',
    changes: 'road',
    path: '/messages/:message/replay/withdraw',
    roles: ['engineer'],
    shows: 'codes',
    limited: 'closed',
  },
  log: { method: 'GET', path: '/log', roles: ['auditor'], shows: 'masked', limited: 'closed', navigation: 'Log' },
  findEntries: {
    method: 'POST',
    changes: 'session',
    path: '/log',
    roles: ['auditor'],
    shows: 'nothing',
    limited: 'closed',
  },
  exportLog: {
    method: 'POST',
    changes: 'session',
    path: '/log/export',
    roles: ['auditor'],
    shows: 'masked',
    limited: 'closed',
  },
  verifyLog: {
    method: 'POST',
    changes: 'session',
    path: '/log/verify',
    roles: ['auditor'],
    shows: 'nothing',
    limited: 'closed',
  },
  verification: {
    method: 'GET',
    path: '/log/verify/:verification',
    roles: ['auditor'],
    shows: 'codes',
    limited: 'closed',
  },
  logEntry: { method: 'GET', path: '/log/:entry', roles: ['auditor'], shows: 'codes', limited: 'closed' },
  entryProof: { method: 'GET', path: '/log/:entry/proof', roles: ['auditor'], shows: 'codes', limited: 'closed' },
  outcomes: {
    method: 'GET',
    path: '/outcomes',
    roles: ['auditor', 'operator'],
    shows: 'codes',
    limited: 'theirs',
    navigation: 'Outcomes',
  },
  outcomeLoops: {
    method: 'GET',
    path: '/outcomes/:year/:scope/:measure',
    roles: ['auditor', 'operator'],
    shows: 'codes',
    limited: 'theirs',
  },
  message: {
    method: 'GET',
    path: '/messages/:message',
    roles: ['auditor', 'engineer'],
    shows: 'masked',
    limited: 'theirs',
  },
  messageFile: {
    method: 'GET',
    path: '/messages/:message/file',
    roles: ['auditor', 'engineer'],
    shows: 'masked',
    limited: 'theirs',
  },
  replay: {
    method: 'GET',
    path: '/messages/:message/replay',
    roles: ['engineer'],
    shows: 'masked',
    limited: 'closed',
  },
  doReplay: {
    method: 'POST',
    changes: 'road',
    path: '/messages/:message/replay',
    roles: ['engineer'],
    shows: 'masked',
    limited: 'closed',
  },
  unmaskMessage: {
    method: 'POST',
    changes: 'session',
    path: '/messages/:message/unmask',
    roles: ['auditor', 'engineer'],
    shows: 'nothing',
    limited: 'theirs',
  },
  unmask: {
    method: 'POST',
    changes: 'session',
    path: '/loops/:referral/unmask',
    roles: EVERY_ROLE,
    shows: 'nothing',
    limited: 'theirs',
  },
} as const satisfies Readonly<Record<string, RouteAccess>>;

export type RouteName = keyof typeof ROUTES;

/** Names of all routes, in the order of the table: an earlier one is tried first. */
export const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];

/** A route's entry, as one type. */
export function accessOf(name: RouteName): RouteAccess {
  return ROUTES[name];
}

export type Access = 'allowed' | 'sign-in-first' | 'forbidden';

/** Whether somebody with this standing may use a route. `undefined`: nobody is signed in. */
export function judgeAccess(
  { roles, limited }: RouteAccess,
  standing: { readonly roles: readonly ConsoleRole[]; readonly partners?: readonly string[] } | undefined,
): Access {
  if (roles === 'anyone') return 'allowed';
  if (standing === undefined) return 'sign-in-first';
  if (standing.partners !== undefined && limited === 'closed') return 'forbidden';
  if (roles === 'signed-in') return 'allowed';
  return standing.roles.some((role) => roles.includes(role)) ? 'allowed' : 'forbidden';
}
