import { asObject, type Check, type JsonObject, remark } from './structure-findings.ts';

interface Invariant {
  /** The key R4 gives it. */
  readonly key: string;
  readonly broken: (object: JsonObject) => boolean;
  readonly message: string;
  readonly remedy: string;
}

const VALUE_OR_REASON: Invariant = {
  key: 'obs-6',
  broken: (object) => has(object, 'dataAbsentReason') && hasValue(object),
  message: 'There is a value and a reason why there is none.',
  remedy: 'Leave out dataAbsentReason, or the value.',
};

/**
 * The invariants of R4's types that a referral or its outcome can break with consequences: a value without its meaning,
 * a person without a name, an end before the beginning. The specification has more; these are checked by hand.
 */
const INVARIANTS: ReadonlyMap<string, readonly Invariant[]> = new Map([
  ['Observation', [VALUE_OR_REASON]],
  ['Observation.component', [VALUE_OR_REASON]],
  ...['Quantity', 'SimpleQuantity', 'Age', 'Count', 'Distance', 'Duration'].map(
    (type): [string, readonly Invariant[]] => [
      type,
      [
        {
          key: 'qty-3',
          broken: (object) => has(object, 'code') && !has(object, 'system'),
          message: 'A quantity has a unit code without its system.',
          remedy: 'Give the system of the unit code (http://unitsofmeasure.org for UCUM).',
        },
      ],
    ],
  ),
  [
    'ContactPoint',
    [
      {
        key: 'cpt-2',
        broken: (object: JsonObject) => has(object, 'value') && !has(object, 'system'),
        message: 'A contact point does not say whether it is a telephone, an email or something else.',
        remedy: 'Give its system.',
      },
    ],
  ],
  [
    'Patient.contact',
    [
      {
        key: 'pat-1',
        broken: (object: JsonObject) =>
          !['name', 'telecom', 'address', 'organization'].some((name) => has(object, name)),
        message: 'A contact of a patient has neither a name nor a telecom nor an address nor an organization.',
        remedy: 'Give at least one of them.',
      },
    ],
  ],
  [
    'ServiceRequest',
    [
      {
        key: 'prr-1',
        broken: (object: JsonObject) => has(object, 'orderDetail') && !has(object, 'code'),
        message: 'An order detail stands without the code that it details.',
        remedy: 'Give ServiceRequest.code.',
      },
    ],
  ],
  [
    'QuestionnaireResponse.item',
    [
      {
        key: 'qrs-1',
        broken: (object: JsonObject) => has(object, 'answer') && has(object, 'item'),
        message: 'An item has both an answer and items of its own.',
        remedy: 'Put items that follow from an answer inside that answer.',
      },
    ],
  ],
  [
    'Period',
    [
      {
        key: 'per-1',
        broken: (object: JsonObject) => isBefore(object['end'], object['start']),
        message: 'A period ends before it begins.',
        remedy: 'Correct start or end.',
      },
    ],
  ],
]);

/** Checks the invariants that are known for a type. */
export function checkInvariants(check: Check, typeName: string, object: JsonObject, at: string): void {
  for (const { key, broken, message, remedy } of INVARIANTS.get(typeName) ?? [])
    if (broken(object)) remark(check, at, { rule: `fhir/${key}`, issue: 'invariant', message, remedy });
}

function has(object: JsonObject, name: string): boolean {
  return Object.hasOwn(object, name) || asObject(object[`_${name}`]) !== undefined;
}

function hasValue(object: JsonObject): boolean {
  return Object.keys(object).some((name) => /^value[A-Z]/.test(name));
}

/** Compares only what is comparable: two moments, or two dates of the same precision. */
function isBefore(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  if (a.includes('T') && b.includes('T')) return Date.parse(a) < Date.parse(b);
  return a.length === b.length && a.length <= 10 && a < b;
}
