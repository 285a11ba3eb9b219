/**
 * The functions of FHIRPath that a mapping may use, with how many arguments they take (the fhirpath package itself gives
 * nothing, in silence, for a wrong number, and throws for an unknown function only when it is reached).
 */
const BY_ARGUMENTS: readonly (readonly [readonly number[], string])[] = [
  [
    [0],
    'empty not allTrue anyTrue allFalse anyFalse isDistinct distinct count sum min max avg single first last type tail',
  ],
  [[0], 'toInteger toLong toDecimal toString toDate toDateTime toTime toBoolean hasValue getValue'],
  [
    [0],
    'convertsToBoolean convertsToInteger convertsToLong convertsToDecimal convertsToString convertsToDate convertsToDateTime',
  ],
  [
    [0],
    'convertsToTime convertsToQuantity upper lower length toChars trim abs ceiling exp floor ln sqrt truncate children descendants',
  ],
  [[0], 'yearOf monthOf dayOf hourOf minuteOf secondOf millisecondOf timezoneOffsetOf dateOf timeOf'],
  [[1], 'all subsetOf supersetOf where extension select ofType is as take skip combine union intersect exclude repeat'],
  [[1], 'indexOf lastIndexOf startsWith endsWith contains split encode decode escape unescape log power comparable'],
  [[0, 1], 'exists join round lowBoundary highBoundary toQuantity'],
  [[1, 2], 'substring aggregate matches matchesFull'],
  [[2], 'replace replaceMatches'],
  [[2, 3], 'iif'],
];

const WITH_ANY_NUMBER = ['coalesce', 'sort'];

export const FHIRPATH_FUNCTIONS: ReadonlyMap<string, readonly number[] | 'any'> = new Map<
  string,
  readonly number[] | 'any'
>([
  ...BY_ARGUMENTS.flatMap(([counts, names]) => names.split(' ').map((name) => [name, counts] as const)),
  ...WITH_ANY_NUMBER.map((name) => [name, 'any'] as const),
]);

const CLOCK = 'A mapping has no clock, so that the same message gives the same bytes. Use %now or %receivedAt.';
const OUTSIDE = 'A mapping asks nobody outside. Use translate() with a concept map of the terminology directory.';

/** Functions that exist and are refused, with what to use instead. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['now', CLOCK],
  ['today', CLOCK],
  ['timeOfDay', CLOCK],
  ['resolve', "Join resources by id: ofType(Practitioner).where('Practitioner/' & id = %reference)."],
  ['memberOf', OUTSIDE],
  ['subsumes', OUTSIDE],
  ['subsumedBy', OUTSIDE],
  ['conformsTo', OUTSIDE],
  ['weight', OUTSIDE],
  ['ordinal', OUTSIDE],
  ['trace', 'It would write patient data to the log. Use a case file to see what an expression gives.'],
  ['defineVariable', 'Use let, {% assign %} or {% for %}, so that every %name is known when the mapping is loaded.'],
  ['htmlChecks', 'Narratives are not mapped.'],
]);
