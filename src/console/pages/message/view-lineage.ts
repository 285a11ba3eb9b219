import { readsFhir } from '../../../core/mapping/direction.ts';
import type { Fate, InputElement, ResultElement } from '../../../core/mapping/receipt/receipt.ts';
import type { ConsoleRole } from '../../../ports-console.ts';
import type { LineageRun } from '../../engine-desk.ts';
import { ruleText } from '../../mappings/mapping-place.ts';
import { type MaskedValue, maskedValue } from '../../mask/mask.ts';
import { canonicalSegments, rowsByElement, rowsByPointer, rowsOfSegments, type TreeRow } from './tree-rows.ts';

interface Seen {
  readonly unmasked: boolean;
  readonly roles: readonly ConsoleRole[];
}

/** One element of a side, as the page shows it. */
export interface ShownRow {
  /** Of its place on the page. */
  readonly id: string;
  readonly label: string;
  readonly value: MaskedValue;
  /** What became of it; `made` for an element of the result, `invented` where it comes from no input. */
  readonly fate: Fate | 'made' | 'invented' | '';
  /** Where it went to, or comes from, on the other side. */
  readonly links: readonly { readonly id: string; readonly label: string }[];
  /** The lines of the mapping that say so. */
  readonly rules: readonly string[];
  /** Codes that concept maps were asked about. */
  readonly codes: readonly string[];
}

export interface ShownSide {
  readonly groups: readonly { readonly name: string; readonly isOpen: boolean; readonly rows: readonly ShownRow[] }[];
  /** Elements that are not shown because there are too many. */
  readonly cut: number;
  /** Elements that are not named, because a sender's names may be data. */
  readonly unnamed: number;
}

/** So many elements of a side are shown; a message can hold tens of thousands. */
export const MOST_ROWS = 600;
/** With more than so many, groups are folded. */
const FOLDED_ABOVE = 120;

/** Both sides of a run: what the mapping was given, what it made of it, and each element's way from one to the other. */
export function viewLineage(run: LineageRun, seen: Seen): { readonly input: ShownSide; readonly result: ShownSide } {
  const input = inputRows(run);
  const result = resultRows(run);
  const canonical = run.from === 'hl7v2' ? canonicalSegments(run.input) : (place: string) => place;
  const elements = new Map(run.receipt.input.map((one) => [canonical(one.element), one]));
  const made = new Map(run.receipt.result.map((one) => [one.pointer, one]));
  const ids = {
    input: new Map(input.slice(0, MOST_ROWS).map(({ key, label }, place) => [key, { id: `in-${place + 1}`, label }])),
    result: new Map(
      result.slice(0, MOST_ROWS).map(({ key, label }, place) => [key, { id: `out-${place + 1}`, label }]),
    ),
  };
  return {
    input: side(input, seen, (row) => ofInput(row, elements.get(row.key), ids)),
    result: side(result, seen, (row) => ofResult(row, made.get(row.key), { ...ids, canonical })),
  };
}

/** A message that no mapping had to do with. */
export function viewTree(rows: readonly TreeRow[], seen: Seen): ShownSide {
  return side(rows, seen, (_row, place) => ({ ...NOTHING, id: `in-${place + 1}` }));
}

const NOTHING = { fate: '', links: [], rules: [], codes: [] } as const;

function inputRows({ from, input }: LineageRun): TreeRow[] {
  if (readsFhir(from)) return rowsByElement(input);
  return from === 'hl7v2' ? rowsOfSegments(input) : rowsByPointer(input, 'of-sender');
}

/** What we make has names out of our mapping. */
function resultRows({ result }: LineageRun): TreeRow[] {
  return rowsByPointer(result, 'standard');
}

type Way = Pick<ShownRow, 'id' | 'fate' | 'links' | 'rules' | 'codes'>;
type Ids = ReadonlyMap<string, { readonly id: string; readonly label: string }>;

function ofInput(
  { key }: TreeRow,
  element: InputElement | undefined,
  ids: { readonly input: Ids; readonly result: Ids },
): Way {
  const id = ids.input.get(key)?.id ?? '';
  if (element === undefined) return { ...NOTHING, id };
  const { fate, to, rule, translations } = element;
  const rules = [...to.map((use) => use.rule), ...(rule === undefined ? [] : [rule])].map(ruleText);
  return {
    ...{ id, fate },
    links: to.flatMap(({ pointer }) => ids.result.get(pointer) ?? []),
    rules: [...new Set(rules)],
    codes: translations.map(
      ({ map, from = 'a code that it does not know', to: target = 'nothing', equivalence }) =>
        `${map}: ${from} to ${target} (${equivalence})`,
    ),
  };
}

function ofResult(
  { key }: TreeRow,
  element: ResultElement | undefined,
  ids: { readonly input: Ids; readonly result: Ids; readonly canonical: (place: string) => string },
): Way {
  const id = ids.result.get(key)?.id ?? '';
  if (element === undefined) return { ...NOTHING, id };
  const { from, rule } = element;
  const sources = [...new Set(from.map(ids.canonical))];
  return {
    ...{ id, fate: from.length === 0 ? 'invented' : 'made', rules: [ruleText(rule)], codes: [] },
    // An element can come from all that stands below a place.
    links: sources.flatMap((place) => ids.input.get(place) ?? firstBelow(place, ids.input)),
  };
}

function firstBelow(place: string, ids: Ids) {
  for (const [key, shown] of ids) if (key.startsWith(`${place}.`) || key.startsWith(`${place}/`)) return [shown];
  return [];
}

function side(rows: readonly TreeRow[], seen: Seen, way: (row: TreeRow, place: number) => Way): ShownSide {
  const shown = rows.slice(0, MOST_ROWS).map((row, place) => ({ row, way: way(row, place) }));
  // A name that only its sender knows may itself say something: it is shown when it led to something, or with everything.
  const named = shown.filter(({ row, way: { links } }) => seen.unmasked || row.isNameKnown || links.length > 0);
  const groups = new Map<string, ShownRow[]>();
  for (const { row, way: its } of named) {
    const one = { ...its, label: row.label, value: maskedValue('message', row.value, seen) };
    const group = groups.get(row.group) ?? [];
    groups.set(row.group, group);
    group.push(one);
  }
  const isOpen = named.length <= FOLDED_ABOVE;
  return {
    groups: [...groups].map(([name, own]) => ({ name, isOpen, rows: own })),
    cut: Math.max(0, rows.length - MOST_ROWS),
    unnamed: shown.length - named.length,
  };
}
