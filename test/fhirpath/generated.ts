import fc from 'fast-check';

/** Expressions from a grammar over names that the resources below have (and some that they have not). */

const NAMES = [
  ...['id', 'name', 'given', 'family', 'use', 'telecom', 'system', 'value', 'rank', 'birthDate', 'active', 'deceased'],
  ...['multipleBirth', 'address', 'line', 'period', 'start', 'end', 'extension', 'url', 'contact', 'gender', 'photo'],
  ...['code', 'coding', 'display', 'component', 'effective', 'unit', 'entry', 'resource', 'status', 'note', 'text'],
  ...['Patient', 'Observation', 'Resource', 'Bundle', 'length'],
];
const TYPES = [
  'Patient',
  'Observation',
  'Resource',
  'string',
  'String',
  'Integer',
  'Boolean',
  'code',
  'dateTime',
  'Quantity',
  'FHIR.Quantity',
  'System.String',
  'Decimal',
  'HumanName',
  'Element',
  'Date',
];
const LITERALS = [
  ...["'Ada'", "'official'", "''", "'a b'", "'A B'", "'12'", "'1.50'", "'true'", "'http://snomed.info/sct'"],
  ...['0', '1', '2', '-1', '1.5', '1.50', '0.1', 'true', 'false', '{}', '@1941-05-09', '@2026', "3 'kg'", '2 days'],
  ...['%snomed', '%names', '%count', '%one', '%nothing', '%context', '$this', '$index', '$total'],
];
/** Paths that lead to something in most of the resources. */
const PATHS = [
  ...[
    'Patient.name',
    'name.given',
    'name.family',
    'name.use',
    'name.period.start',
    'telecom',
    'telecom.rank',
    'active',
  ],
  ...['birthDate', 'deceased', 'multipleBirth', 'address.line', 'extension', 'extension.value', 'contact.name.given'],
  ...[
    'code.coding',
    'code.coding.code',
    'code.text',
    'value',
    'value.unit',
    'component',
    'component.value',
    'effective',
  ],
  ...['Bundle.entry.resource', 'entry.resource.name', 'entry.resource.code.coding', 'entry.resource.ofType(Patient)'],
  ...['Bundle.entry.resource.ofType(Observation).value', 'entry.resource.ofType(Patient).name.given', 'status', 'text'],
  ...['(Patient | Bundle.entry.resource).name', '(name | entry.resource.name)', '(value | component.value)'],
];
const CRITERIA = [
  ...[
    "use = 'official'",
    "use !~ 'old'",
    "system = %snomed and code = '12'",
    'rank = 1',
    'value > 1',
    'given.exists()',
  ],
  ...[
    "$this = 'Ada'",
    '$index = 0',
    '$this is string',
    'family',
    'value',
    "code.coding.where(system ~ 'URN:OTHER').exists()",
  ],
  ...["url = 'urn:a'", "text.startsWith('A')", 'given.count() > 1', 'period.start <= @2026', "id in ('Ada' | '12')"],
];
const OPERATORS = ['=', '!=', '~', '!~', '<', '>', '<=', '>=', '+', '-', '*', '/', 'div', 'mod', '&', '|', 'in'];
const MORE_OPERATORS = ['contains', 'and', 'or', 'xor', 'implies'];
const NO_ARGUMENT = [
  ...['empty', 'exists', 'not', 'count', 'first', 'last', 'tail', 'single', 'distinct', 'isDistinct', 'hasValue'],
  ...['upper', 'lower', 'length', 'trim', 'toChars', 'join', 'toString', 'toInteger', 'toDecimal', 'toBoolean'],
  ...['abs', 'ceiling', 'floor', 'truncate', 'round', 'children', 'type', 'convertsToInteger', 'allTrue', 'sum', 'max'],
  ...['getValue', 'descendants', 'toQuantity', 'toDate', 'sqrt'],
];
const ONE_VALUE = [
  ...['take', 'skip', 'combine', 'union', 'exclude', 'intersect', 'startsWith', 'endsWith', 'contains', 'indexOf'],
  ...['split', 'join', 'substring', 'extension', 'subsetOf', 'round', 'lastIndexOf', 'power'],
];
const PER_ITEM = ['where', 'select', 'all', 'exists', 'repeat', 'aggregate', 'coalesce', 'sort'];

/** Expressions as texts, up to a few levels deep. */
export const expressions: fc.Arbitrary<string> = fc.letrec<{ expression: string; path: string; term: string }>(
  (tie) => {
    const expression = tie('expression');
    const path = tie('path');
    return {
      term: weighted([2, one(NAMES)], [8, one(PATHS)], [2, one(LITERALS)]),
      path: weighted(
        [8, tie('term')],
        [1, written`${path}.${one(NAMES)}`],
        [3, written`${path}.${one(NO_ARGUMENT)}()`],
        [3, path.map((left) => `${left}.first()`)],
        [5, written`${path}.${one(['where', 'exists', 'all', 'select'])}(${one(CRITERIA)})`],
        [1, written`${path}.${one(ONE_VALUE)}(${expression})`],
        [1, written`${path}.${one(PER_ITEM)}(${expression})`],
        [2, written`${path}.${one(['ofType', 'is', 'as'])}(${one(TYPES)})`],
        [1, written`${path}.iif(${one(CRITERIA)}, ${expression}, ${expression})`],
        [1, written`${path}[${one(['0', '1', '$index', 'count() - 1', 'first()'])}]`],
        [1, written`${path}.first().replace(${path}.first().toString(), 'x')`],
      ),
      expression: weighted(
        [5, path],
        [3, written`${path}.first() ${one(OPERATORS)} ${path}.first()`],
        [2, written`${path} ${one([...OPERATORS, ...MORE_OPERATORS])} ${path}`],
        [2, written`${path}.exists() ${one(MORE_OPERATORS)} ${path}.empty()`],
        [1, written`(${expression}) ${one(MORE_OPERATORS)} (${expression})`],
        [1, written`${one(['-', '+'])}(${path}.first())`],
        [1, written`(${path}.first() ${one(['is', 'as'])} ${one(TYPES)})`],
      ),
    };
  },
).expression;

function one(values: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...values);
}

function weighted(...choices: readonly (readonly [number, fc.Arbitrary<string>])[]): fc.Arbitrary<string> {
  return fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })),
  );
}

/** A template whose gaps are filled with generated texts. */
function written(texts: TemplateStringsArray, ...gaps: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...gaps).map((filled) => texts.reduce((text, next, i) => text + (filled[i - 1] ?? '') + next));
}

const texts = fc.constantFrom('Ada', 'official', 'old', '', 'a b', 'A  B', '12', '1.50', 'Testwell', 'true', 'straße');
const numbers = fc.constantFrom(0, 1, 2, 1.5, -3, 0.1, 100000000001, 1e-9);
const dates = fc.constantFrom('1941-05-09', '1941-05', '2026', '1941-05-09T06:00:00+01:00', 'not a date');

function some<Value>(of: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(of, { minLength: 1, maxLength: 3 });
}

const extensions = some(
  fc.record({ url: fc.constantFrom('urn:a', 'urn:b'), valueString: texts }, { requiredKeys: ['url'] }),
);
const period = fc.record({ start: dates, end: dates }, { requiredKeys: [] });
const humanName = fc.record(
  { use: texts, family: texts, given: some(texts), period, _family: fc.record({ extension: extensions }) },
  { requiredKeys: [] },
);
const coding = fc.record(
  { system: fc.constantFrom('http://snomed.info/sct', 'urn:other'), code: texts, display: texts },
  { requiredKeys: [] },
);
const concept = fc.record({ coding: some(coding), text: texts }, { requiredKeys: [] });
const quantity = fc.record(
  {
    value: numbers,
    unit: texts,
    system: fc.constantFrom('http://unitsofmeasure.org', 'urn:other'),
    code: fc.constantFrom('kg', 'g', 'mo'),
  },
  { requiredKeys: [] },
);

const patient = fc.record(
  {
    resourceType: fc.constant('Patient'),
    id: texts,
    active: fc.boolean(),
    name: some(humanName),
    telecom: some(fc.record({ system: texts, value: texts, rank: numbers }, { requiredKeys: [] })),
    birthDate: dates,
    _birthDate: fc.record({ id: texts, extension: extensions }, { requiredKeys: [] }),
    gender: texts,
    deceasedBoolean: fc.boolean(),
    deceasedDateTime: dates,
    multipleBirthInteger: numbers,
    address: some(fc.record({ line: some(fc.oneof(texts, fc.constant(null))), period }, { requiredKeys: [] })),
    contact: some(fc.record({ name: humanName }, { requiredKeys: [] })),
    extension: extensions,
  },
  { requiredKeys: ['resourceType', 'name', 'telecom', 'birthDate'] },
);

const observation = fc.record(
  {
    resourceType: fc.constant('Observation'),
    status: texts,
    code: concept,
    effectiveDateTime: dates,
    effectivePeriod: period,
    valueQuantity: quantity,
    valueString: texts,
    valueInteger: numbers,
    component: some(fc.record({ code: concept, valueInteger: numbers, valueQuantity: quantity }, { requiredKeys: [] })),
    note: some(fc.record({ text: texts }, { requiredKeys: [] })),
  },
  { requiredKeys: ['resourceType', 'code', 'component'] },
);

const bundle = fc.record({
  resourceType: fc.constant('Bundle'),
  entry: some(fc.record({ resource: fc.oneof(patient, observation) }, { requiredKeys: [] })),
});

/** JSON that is not FHIR, with the same names. */
const tree = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    texts,
    numbers,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('name', 'given', 'value', 'code', 'text', '_name', 'status'), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value;

export const fhirInputs: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: patient },
  { weight: 2, arbitrary: observation },
  { weight: 2, arbitrary: bundle },
);

export const treeInputs: fc.Arbitrary<unknown> = fc.dictionary(
  fc.constantFrom('name', 'given', 'value', 'code', 'text', 'status', 'telecom', 'length'),
  tree,
  { noNullPrototype: true },
);

export const VARIABLES: Readonly<Record<string, unknown>> = {
  snomed: 'http://snomed.info/sct',
  names: ['Ada', 'Mary'],
  count: 3,
  one: [{ family: 'Testwell', given: ['Ada'] }],
  nothing: undefined,
};
