import type { Finding } from '../../core/finding.ts';

/** Names that may be shown again: anything longer or stranger could be a value that slipped into the name's place. */
const SHOWABLE = /^[A-Za-z_][A-Za-z0-9_.:-]{0,60}$/;

const RULES = {
  'unknown-parameter': {
    issue: 'not-supported',
    message: 'is not one that can be searched by here, and was ignored',
    remedy: 'See GET metadata for the parameters of this type. "Prefer: handling=strict" refuses instead of ignoring.',
  },
  modifier: {
    issue: 'not-supported',
    message: 'has a modifier that is not supported here',
    remedy: 'Leave the modifier out. Supported are :missing, :identifier on patient, and a type on references.',
  },
  token: {
    issue: 'value',
    message: 'is not a token that can be searched by',
    remedy: 'Write system|code, |code or code; a system without a code is not supported.',
  },
  mixed: {
    issue: 'not-supported',
    message: 'mixes codes with and without their system in one list',
    remedy: 'Write all values of the list the same way, or search twice.',
  },
  reference: {
    issue: 'value',
    message: 'is not a reference that can be searched by',
    remedy:
      'Write Type/id, the id alone where the parameter has known types, or the full url of a resource of this server.',
  },
  date: {
    issue: 'value',
    message: 'is not a date that can be searched by',
    remedy: 'Write one date or instant, after eq, ge, gt, le, lt, sa or eb; repeat the parameter for a range.',
  },
  boolean: { issue: 'value', message: 'must be true or false', remedy: 'Write true or false.' },
  include: {
    issue: 'not-supported',
    message: 'names a reference that is not followed here, and was ignored',
    remedy: 'See searchInclude in GET metadata.',
  },
  count: { issue: 'value', message: 'is not a number of entries', remedy: 'Write a whole number from 0.' },
  empty: { issue: 'value', message: 'has no value, and was ignored', remedy: 'Give it a value or leave it out.' },
  'too-many': {
    issue: 'too-costly',
    message: 'brings more values than are searched by at once',
    remedy: 'Search several times with fewer values.',
  },
} as const satisfies Record<string, Pick<Finding, 'message' | 'remedy' | 'issue'>>;

/** What is wrong with one search parameter. Says its name and never its value. */
export function searchFinding(
  rule: keyof typeof RULES,
  param: string,
  severity: Finding['severity'] = 'error',
): Finding {
  const { message, ...rest } = RULES[rule];
  const name = SHOWABLE.test(param) ? param : undefined;
  return {
    severity,
    rule: `search/${rule}`,
    place: { expression: name === undefined ? 'http' : `http.${name}` },
    message: `The search parameter${name === undefined ? '' : ` "${name}"`} ${message}.`,
    ...rest,
  };
}

/** A link to a page that cannot be opened (any more). */
export function pageFinding(): Finding {
  return {
    severity: 'error',
    rule: 'search/page',
    place: { expression: 'http._page' },
    message: 'The link to this page is damaged or no longer valid.',
    remedy: 'Search again from the first page; links are used exactly as they were given.',
    issue: 'value',
  };
}
