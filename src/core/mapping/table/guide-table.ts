import type { ElementDef, R4Model } from '../../fhir/model.ts';
import { fieldCount, fieldName, NAMED_SEGMENTS } from '../../hl7v2/field-names.ts';
import type { MappingSource } from '../template.ts';
import { type MappedElement, mappedElements } from './mapped-elements.ts';
import type { Places } from './v2-places.ts';

/**
 * The heads of the segment maps of the HL7 v2-to-FHIR implementation guide, as its spreadsheets are published. The second of the
 * two columns for the FHIR element is for extensions.
 */
const HEADS: readonly (readonly string[])[] = [
  ['HL7 v2', '', '', '', '', '', 'Condition (IF True)', '', '', 'HL7 FHIR', '', '', '', '', '', '', '', '', 'Comments'],
  [
    'Sort Order',
    'Identifier',
    'Name',
    'Data Type',
    'Cardinality - Min',
    'Cardinality - Max',
    'Computable ANTLR',
    'Computable FHIRPath',
    'Narrative',
    'FHIR Attribute',
    '',
    'Data Type',
    'Cardinality - Min',
    'Cardinality - Max',
    'Data Type Mapping',
    'Vocabulary Mapping\n(IS, ID, CE, CNE, CWE)',
    'Assignment',
    '',
    '',
  ],
];

type Row = readonly string[];

/**
 * A mapping from HL7 v2 as the table that the HL7 v2-to-FHIR guide has for segments (CSV, RFC 4180 with line feeds): a row for each
 * field, and each component that is read, with the element that is made of it and what must hold. Fields that are not read have a row
 * without one. What depends on no field stands at the end. The same mapping gives the same text.
 */
export function guideTable(source: MappingSource, r4: Pick<R4Model, 'element'>): string {
  const { elements, looked } = mappedElements(source);
  const placed = elements.flatMap((element) => [...element.from].map((place) => ({ ...placeOf(place), element })));
  const segments = [...new Set(placed.map(({ segment }) => segment))].sort((a, b) => orderOf(a) - orderOf(b));
  const rows = segments.flatMap((segment) => {
    const own = placed.filter((one) => one.segment === segment);
    const numbers = new Set([
      ...own.map(({ field }) => field),
      ...Array.from({ length: fieldCount(segment) }, (_, at) => at + 1),
    ]);
    return [...numbers]
      .sort((a, b) => a - b)
      .flatMap((field) => {
        const made = own.filter((one) => one.field === field).sort((a, b) => compareParts(a.part, b.part));
        if (made.length === 0) return [unmapped(segment, field, looked)];
        return made.map(({ part, element }) => [...v2Cells(segment, field, part), ...fhirCells(element, r4)]);
      });
  });
  const others = elements
    .filter(({ from }) => from.size === 0)
    .map((element) => [...Array.from({ length: 6 }, () => ''), ...fhirCells(element, r4)]);
  return [...HEADS, ...distinct([...rows, ...others])].map(csvLine).join('');
}

interface Placed {
  readonly segment: string;
  /** 0 for the segment as a whole. */
  readonly field: number;
  /** `1`, `4.2`; empty for the whole field. */
  readonly part: string;
}

function placeOf(place: string): Placed {
  const [segment = '', rest = ''] = place.split('-');
  const [field = '', ...part] = rest.split('.');
  return { segment, field: Number(field), part: part.join('.') };
}

/** A field of which nothing is made: by itself, or because it only decides. */
function unmapped(segment: string, field: number, looked: Places): Row {
  const place = `${segment}-${field}`;
  const decides = [...looked].some((one) => one === place || one.startsWith(`${place}.`));
  const cells = v2Cells(segment, field, '');
  return decides ? [...cells, ...Array.from({ length: WIDTH - 1 - cells.length }, () => ''), DECIDES] : cells;
}

const DECIDES = 'Read in the conditions of other rows.';

function orderOf(segment: string): number {
  const at = NAMED_SEGMENTS.indexOf(segment);
  return at === -1 ? NAMED_SEGMENTS.length : at;
}

function compareParts(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function v2Cells(segment: string, field: number, part: string): Row {
  if (field === 0) return ['', segment, '', '', '', ''];
  const known = fieldName(segment, field);
  const identifier = `${segment}-${field}${part === '' ? '' : `.${part}`}`;
  const { name = '', type = '', min = '', max = '' } = known ?? {};
  return [String(field), identifier, name, type, String(min), String(max)];
}

function fhirCells(element: MappedElement, r4: Pick<R4Model, 'element'>): Row {
  const { resource, path, when, each, assigned = '', made, maps } = element;
  const known = elementAt(resource, path, r4);
  const cardinality = known === undefined ? ['', ''] : [known.required ? '1' : '0', known.list ? '-1' : '1'];
  const condition = when.length > 1 ? when.map((one) => `(${one})`).join(' and ') : (when[0] ?? '');
  const comments = [...(made === undefined ? [] : [made]), ...each.map((one) => `for each ${one}`)];
  const attribute = `${resource}.${path}`;
  return [
    '',
    condition,
    '',
    attribute,
    '',
    known?.type ?? '',
    ...cardinality,
    '',
    maps.join(', '),
    assigned,
    '',
    comments.join('; '),
  ];
}

function elementAt(resource: string, path: string, r4: Pick<R4Model, 'element'>): ElementDef | undefined {
  let type = resource;
  let found: ElementDef | undefined;
  for (const name of path.split('.')) {
    found = r4.element(type, name);
    type = found?.type ?? '';
  }
  return found;
}

/** What several branches make alike of the same place is one row. */
function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

const WIDTH = 19;

function csvLine(row: Row): string {
  const cells = Array.from({ length: WIDTH }, (_, at) => row[at] ?? '');
  return `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
