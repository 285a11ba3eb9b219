import r4 from 'fhirpath/fhir-context/r4';
import { worldOf } from '../../../core/fhirpath/delegate.ts';
import { fieldName } from '../../../core/hl7v2/field-names.ts';
import { valuesByElement } from '../../../core/mapping/receipt/input-elements.ts';

/** One element of a message that has a value. */
export interface TreeRow {
  /** As receipts name it: FHIRPath or a JSON Pointer. */
  readonly key: string;
  /** What it stands in: a resource, a segment, a member. */
  readonly group: string;
  readonly label: string;
  readonly value: string;
  /** Whether its name may be shown to whoever may not see its value: names of standards are no data, those of a sender may be. */
  readonly isNameKnown: boolean;
}

/** The elements of a FHIR tree, named as FHIRPath names them. */
export function rowsByElement(tree: unknown): TreeRow[] {
  const { model } = worldOf(r4);
  return [...valuesByElement(tree, model)].map(([key, value]) => {
    const [, entry = '', rest = ''] = /^Bundle\.entry\[(\d+)\]\.resource\.(.*)$/s.exec(key) ?? [];
    const group = entry === '' ? (key.split('.')[0] ?? '') : resourceName(tree, Number(entry));
    return { key, group, label: rest === '' ? key : rest, value: text(value), isNameKnown: true };
  });
}

/** The elements of any tree, by JSON Pointer; resources and segments in it are named as such. */
export function rowsByPointer(tree: unknown, names: 'standard' | 'of-sender'): TreeRow[] {
  return leavesOf(tree, []).map(({ path, value }) => ({
    key: pointerOf(path),
    ...placeIn(tree, path),
    value: text(value),
    isNameKnown: names === 'standard',
  }));
}

/** The elements of an HL7 v2 message: each once, in the order of the segments. */
export function rowsOfSegments(tree: unknown): TreeRow[] {
  const segments = member(tree, 'segments');
  const only = Array.isArray(segments) ? { segments: segments.map(withoutGroup) } : tree;
  return rowsByPointer(only, 'standard').filter(({ key }) => !key.endsWith('/name'));
}

/**
 * How receipts and rows come to the same name: the tree of a message holds a segment several times (in order, by its name, in
 * its group), and a receipt may name any of these places.
 */
export function canonicalSegments(tree: unknown): (pointer: string) => string {
  const segments = member(tree, 'segments');
  const places = new Map(Array.isArray(segments) ? segments.map((one, index) => [one as unknown, index]) : []);
  return (pointer) => {
    const path = pointer.split('/').slice(1);
    let at = tree;
    let found = pointer;
    for (const [depth, step] of path.entries()) {
      at = member(at, step);
      const index = places.get(at);
      if (index !== undefined) found = `/segments/${index}/${path.slice(depth + 1).join('/')}`;
    }
    return found;
  };
}

function withoutGroup(segment: unknown): unknown {
  if (typeof segment !== 'object' || segment === null) return segment;
  return Object.fromEntries(Object.entries(segment).filter(([name]) => name !== 'group'));
}

type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path): { readonly path: Path; readonly value: unknown }[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [{ path, value }];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function placeIn(tree: unknown, path: Path): Pick<TreeRow, 'group' | 'label'> {
  const [first, second, third] = path;
  if (first === 'entry' && typeof second === 'number' && third === 'resource') {
    return { group: resourceName(tree, second), label: dotted(path.slice(3)) };
  }
  if (first === 'segments' && typeof second === 'number') {
    const name = text(member(member(member(tree, 'segments'), second), 'name'));
    const before = segmentNames(tree).slice(0, second + 1);
    const which = before.filter((one) => one === name).length;
    return { group: which > 1 ? `${name} (${which})` : name, label: segmentPlace(name, path.slice(2)) };
  }
  return { group: path.length > 1 ? String(first) : '', label: dotted(path) };
}

function segmentNames(tree: unknown): string[] {
  const segments = member(tree, 'segments');
  return Array.isArray(segments) ? segments.map((one: unknown) => text(member(one, 'name'))) : [];
}

/** `PID-5[2].1 Patient Name` */
function segmentPlace(segment: string, path: Path): string {
  const [field = '', ...rest] = path;
  const number = /^f(\d+)$/.exec(String(field))?.[1];
  if (number === undefined) return dotted(path);
  const [repetition, component] = typeof rest[0] === 'number' ? [rest[0], rest[1]] : [0, rest[0]];
  const [, c = '', s = ''] = /^c(\d+)(?:s(\d+))?$/.exec(String(component ?? '')) ?? [];
  const place = `${segment}-${number}${repetition > 0 ? `[${repetition + 1}]` : ''}${c === '' ? '' : `.${c}`}${s === '' ? '' : `.${s}`}`;
  const name = fieldName(segment, Number(number))?.name;
  return name === undefined ? place : `${place} ${name}`;
}

function dotted(path: Path): string {
  return path.map((step, place) => (typeof step === 'number' ? `[${step}]` : place === 0 ? step : `.${step}`)).join('');
}

function resourceName(tree: unknown, entry: number): string {
  const resource = member(member(member(tree, 'entry'), entry), 'resource');
  return `${text(member(resource, 'resourceType')) || 'Resource'} (entry ${entry + 1})`;
}

function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
