import { isObject } from './plain-value.ts';

/** What a key of a case holds, and how to write it. */
interface Shape {
  readonly fits: (value: unknown) => boolean;
  readonly remedy: string;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

function isHeldCodes(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one) => isObject(one) && ['map', 'system', 'code'].every((key) => isText(one[key])))
  );
}

const SHAPES: Readonly<Record<string, Shape>> = {
  inputFile: { fits: isText, remedy: 'Write a path from the directory of the case: inputFile: ../dossiers/full.json.' },
  variables: { fits: isObject, remedy: 'Write names with values: variables: { referral: ref-1 }.' },
  unmapped: {
    fits: isHeldCodes,
    remedy: 'Write a list, each with three texts (codes in quotes): unmapped: [{ map: m, system: s, code: "12" }].',
  },
  findings: { fits: isTexts, remedy: 'Write a list of rules: findings: [mapping/required].' },
  order: { fits: isText, remedy: 'Write a text, numbers in quotes: order: "12".' },
  mustNotContain: {
    fits: isTexts,
    remedy: 'Write a list of texts, numbers in quotes: mustNotContain: [female, "12"].',
  },
};

/** What is wrong with the values of a case's keys, each with its remedy: what is passed over would make a case that cannot fail. */
export function caseShapeFlaws(data: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(SHAPES)
    .filter(([key, { fits }]) => data[key] !== undefined && !fits(data[key]))
    .map(([key, { remedy }]) => [`The value of "${key}" is not what a case has there.`, remedy] as const);
}
