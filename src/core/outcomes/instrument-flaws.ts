import { CHECKS } from './checks.ts';
import type { Instrument, InstrumentItem, InstrumentScore } from './instrument.ts';
import type { YamlPath } from './read-yaml-places.ts';

/** What an instrument says that cannot be. */
export interface InstrumentFlaw {
  readonly path: YamlPath;
  /** Whether the key is wrong, or what stands behind it. */
  readonly at?: 'key';
  readonly message: string;
  readonly remedy: string;
}

/** Contradictions within one instrument: ranges that cannot be reached, items that are not there, texts that may not be shipped. */
export function instrumentFlaws(instrument: Instrument): InstrumentFlaw[] {
  const byId = new Map(instrument.items.map((item) => [item.linkId, item]));
  return [
    ...repeated(instrument),
    ...instrument.scores.flatMap((score, index) => scoreFlaws(score, byId, ['scores', index])),
    ...instrument.urgent.flatMap(({ item }, index) => (byId.has(item) ? [] : [unknownItem(['urgent', index, 'item'])])),
    ...instrument.panels.flatMap(({ components }, index) =>
      components.every((item) => byId.has(item)) ? [] : [unknownItem(['panels', index, 'components'])],
    ),
    ...Object.keys(instrument.checks)
      .filter((rule) => !Object.hasOwn(CHECKS, rule))
      .map((rule) => ({
        path: ['checks', rule],
        at: 'key' as const,
        message: 'There is no check of this name.',
        remedy: `There is: ${Object.keys(CHECKS).join(', ')}.`,
      })),
    ...licence(instrument),
    ...variant(instrument),
  ];
}

function repeated({ items, scores }: Instrument): InstrumentFlaw[] {
  const ids = [
    ...items.map(({ linkId }) => linkId),
    ...scores.filter(({ rule }) => rule !== 'item').map(({ id }) => id),
  ];
  if (new Set(ids).size === ids.length) return [];
  return [
    { path: ['items'], message: 'Two items, or an item and a score, have the same id.', remedy: 'Give each its own.' },
  ];
}

function scoreFlaws(
  score: InstrumentScore,
  items: ReadonlyMap<string, InstrumentItem>,
  path: YamlPath,
): InstrumentFlaw[] {
  if (score.min > score.max)
    return [{ path: [...path, 'min'], message: 'The range is empty.', remedy: 'Write min below max.' }];
  if (score.rule === 'given') return [];
  const own = score.items.map((id) => items.get(id));
  if (own.some((item) => item === undefined)) return [unknownItem([...path, 'items'])];
  if (score.missing !== undefined && score.missing.most >= own.length)
    return [
      { path: [...path, 'missing'], message: 'All items may be missing.', remedy: 'Write fewer than there are items.' },
    ];
  const reached = reach(
    score,
    own.flatMap((item) => item ?? []),
  );
  // Fewer may count than there are: three goals out of seven kinds.
  const fits =
    score.rule === 'count'
      ? score.min === 0 && score.max <= (reached?.max ?? 0)
      : reached?.min === score.min && reached.max === score.max;
  if (reached === undefined || fits) return [];
  return [
    {
      path: [...path, 'min'],
      message: `The items make scores from ${reached.min} to ${reached.max}, and the score says another range.`,
      remedy: 'Mend the range of the items or of the score.',
    },
  ];
}

/** The range that the items can make; undefined when one of them has none. */
function reach({ rule }: InstrumentScore, items: readonly InstrumentItem[]): { min: number; max: number } | undefined {
  if (rule === 'count') return { min: 0, max: items.length };
  if (items.length === 0 || items.some(({ min, max }) => min === undefined || max === undefined)) return undefined;
  const sum = (of: (item: InstrumentItem) => number) => items.reduce((all, item) => all + of(item), 0);
  const [min, max] = [sum((item) => item.min ?? 0), sum((item) => item.max ?? 0)];
  return rule === 'mean' ? { min: min / items.length, max: max / items.length } : { min, max };
}

function unknownItem(path: YamlPath): InstrumentFlaw {
  return { path, message: 'There is no item of this linkId.', remedy: 'Name one that stands under items.' };
}

function licence({ licence: { itemText }, items }: Instrument): InstrumentFlaw[] {
  const written = items.findIndex(({ text }) => text !== undefined);
  if (itemText === 'included' || written < 0) return [];
  return [
    {
      path: ['items', written, 'text'],
      message: 'The licence keeps the wording out of this file.',
      remedy: 'Remove the text: about: says in other words what is asked.',
    },
  ];
}

function variant({ variantOf, variant: name }: Instrument): InstrumentFlaw[] {
  if ((variantOf === undefined) === (name === undefined)) return [];
  return [
    {
      path: ['variantOf'],
      message: 'A variant names the instrument and itself.',
      remedy: 'Write both variantOf: and variant:.',
    },
  ];
}
