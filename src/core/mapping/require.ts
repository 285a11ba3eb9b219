import type { MappingTo } from './direction.ts';
import { isEmpty, isObject } from './plain-value.ts';
import type { Member, Template } from './template.ts';

/** A path in an HL7 v2 message may begin with the name of a segment: `PID.f3.c1`. */
const SEGMENT = /^[A-Z][A-Z0-9]{2}$/;

/** Whether at least one value stands at a path of a result (`entry.resource.status`; lists are walked without an index). */
export function standsAt(result: unknown, path: readonly string[], to?: MappingTo): boolean {
  const [name = '', ...rest] = path;
  if (to !== 'hl7v2' || !SEGMENT.test(name)) return reaches(result, path, 0);
  const segments = isObject(result) && Array.isArray(result['segments']) ? result['segments'] : [];
  return segments.some((segment) => isObject(segment) && segment['name'] === name && reaches(segment, rest, 0));
}

function reaches(value: unknown, path: readonly string[], from: number): boolean {
  if (Array.isArray(value)) return value.some((item) => reaches(item, path, from));
  const name = path[from];
  if (name === undefined) return !isEmpty(value);
  return isObject(value) && Object.hasOwn(value, name) && reaches(value[name], path, from + 1);
}

type Source =
  | { readonly kind: 'found'; readonly offset: number }
  | { readonly kind: 'missing'; readonly there: readonly string[] };

/** Where the template makes what stands at a path; the names that do stand there when it does not make it. */
export function sourceOf(template: Template, path: string, to?: MappingTo): Source {
  let here: readonly Template[] = [template];
  let offset = template.offset;
  for (const name of path.split('.')) {
    if (to === 'hl7v2' && here[0] === template && SEGMENT.test(name)) {
      const segments = segmentsIn(template);
      here = segments.filter(({ segment }) => segment === name).map(({ made }) => made);
      if (here.length === 0) return { kind: 'missing', there: segments.map(({ segment }) => segment) };
      offset = here[0]?.offset ?? offset;
      continue;
    }
    const fields = here.flatMap(fieldsOf);
    const named = fields.filter((field) => field.key === name);
    if (named.length === 0) {
      // An expression may give an object with any member: that shows when it runs.
      return here.some(isOpen) ? { kind: 'found', offset } : { kind: 'missing', there: fields.map(({ key }) => key) };
    }
    offset = named[0]?.offset ?? offset;
    here = named.map((field) => field.value);
  }
  return { kind: 'found', offset };
}

/** The segments that a template makes, whatever their conditions, by the name that stands there. */
function segmentsIn(template: Template): { readonly segment: string; readonly made: Template }[] {
  if (template.kind === 'list') return template.items.flatMap(segmentsIn);
  if (template.kind !== 'object') return [];
  const name = template.members.find((member) => member.kind === 'field' && member.key === 'name');
  if (name?.kind === 'field' && name.value.kind === 'constant')
    return [{ segment: String(name.value.value), made: template }];
  return template.members.flatMap((member) =>
    (member.kind === 'field' ? (member.key === 'segments' ? [member.value] : []) : partsOf(member)).flatMap(segmentsIn),
  );
}

type Field = Extract<Member, { kind: 'field' }>;

function fieldsOf(template: Template): Field[] {
  if (template.kind === 'list') return template.items.flatMap(fieldsOf);
  if (template.kind !== 'object') return [];
  return template.members.flatMap((member) => (member.kind === 'field' ? [member] : partsOf(member).flatMap(fieldsOf)));
}

function isOpen(template: Template): boolean {
  if (template.kind === 'list') return template.items.some(isOpen);
  if (template.kind === 'object') return template.members.some((member) => partsOf(member).some(isOpen));
  return template.kind === 'first' || template.kind === 'all';
}

function partsOf(member: Member): readonly Template[] {
  switch (member.kind) {
    case 'if':
      return member.otherwise === undefined ? [member.chosen] : [member.chosen, member.otherwise];
    case 'for':
      return [member.body];
    case 'merge':
      return member.parts;
    case 'include':
      return [member.body];
    default:
      return [];
  }
}
