import type { Finding, IssueType, Place } from '../finding.ts';
import type { ScalarDoubt } from './json-scalar.ts';
import type { Utf8Text } from './utf8.ts';

interface Text {
  readonly severity: Finding['severity'];
  readonly rule: string;
  readonly issue: IssueType;
  readonly message: string;
  readonly remedy: string;
}

const RULES = {
  'beyond-double': {
    severity: 'error',
    rule: 'json/number-range',
    issue: 'value',
    message: 'A number is too large to be read.',
    remedy: 'Send a number within the range of a double, or send it as a text where the format allows that.',
  },
  'unsafe-integer': {
    severity: 'error',
    rule: 'json/unsafe-number',
    issue: 'value',
    message: 'A whole number is beyond 2^53, so that reading it as a number changes its last digits.',
    remedy: 'Send codes and identifiers as strings, in quotes; JSON numbers of this size are damaged by every reader.',
  },
  'many-digits': {
    severity: 'warning',
    rule: 'json/unsafe-number',
    issue: 'value',
    message: 'A number has more than 15 significant digits, so that its last digits may change when it is read.',
    remedy: 'Send codes and identifiers as strings, in quotes, and measurements with the digits that were measured.',
  },
  'lone-surrogate': {
    severity: 'error',
    rule: 'json/lone-surrogate',
    issue: 'structure',
    message: 'A text holds half of a surrogate pair, which is no character.',
    remedy: 'Write characters beyond U+FFFF as a whole pair of \\u escapes or as plain UTF-8.',
  },
  'duplicate-key': {
    severity: 'error',
    rule: 'json/duplicate-key',
    issue: 'structure',
    message: 'A name stands twice in one object; readers disagree on which value counts.',
    remedy: 'Send each name once.',
  },
  'forbidden-key': {
    severity: 'error',
    rule: 'json/forbidden-key',
    issue: 'security',
    message: 'A member of an object is named "__proto__".',
    remedy: 'Remove it: no format read here has such an element.',
  },
  depth: {
    severity: 'error',
    rule: 'json/too-deep',
    issue: 'too-costly',
    message: 'The body nests lists and objects deeper than is read here.',
    remedy: 'Send a flatter body.',
  },
  nodes: {
    severity: 'error',
    rule: 'json/too-many-values',
    issue: 'too-costly',
    message: 'The body holds more values (lists, objects, texts and numbers together) than are read here.',
    remedy: 'Send less in one message, or ask the operator to raise the limit.',
  },
  more: {
    severity: 'error',
    rule: 'json/more-findings',
    issue: 'too-costly',
    message: 'The body has more faults of this kind than are listed.',
    remedy: 'Correct those listed and send it again.',
  },
} as const satisfies Record<ScalarDoubt | 'duplicate-key' | 'forbidden-key' | 'depth' | 'nodes' | 'more', Text>;

/** The finding of one of the rules above, at its place. */
export function jsonFinding(rule: keyof typeof RULES, place: Place): Finding {
  return { ...RULES[rule], place };
}

/** Broken syntax. `what` says what is broken without repeating the body. */
export function syntaxFinding(what: string, place: Place): Finding {
  return {
    severity: 'error',
    rule: 'json/syntax',
    issue: 'structure',
    place,
    message: `The body is not JSON: ${what}.`,
    remedy: 'Send one JSON document as RFC 8259 defines it; nothing after this place was read.',
  };
}

/** Bytes that are not UTF-8. `family` starts the rule's name: `json` or `xml`. */
export function encodingFinding(family: 'json' | 'xml', broken: Extract<Utf8Text, { ok: false }>): Finding {
  return {
    severity: 'error',
    rule: `${family}/encoding`,
    issue: 'structure',
    place: { line: broken.line },
    message: `The body is not UTF-8: it looks like ${broken.guess}.`,
    remedy: 'Encode the body as UTF-8.',
  };
}
