import { valuesIn } from './input-reads.ts';
import { isObject } from './plain-value.ts';
import type { Member, Template } from './template.ts';
import type { Leaf } from './template-leaves.ts';

/** What each part of a template gave in one run. */
export class Made {
  private readonly values = new Map<Template, Set<unknown>>();

  readonly hear = (template: Template, value: unknown): void => {
    if (value === undefined) return;
    const known = this.values.get(template);
    if (known === undefined) this.values.set(template, new Set([value]));
    else known.add(value);
  };

  /** Whether a part gave this value, alone or as one of a list: objects are known by themselves, not by what they hold. */
  gave(template: Template, value: unknown): boolean {
    const known = this.values.get(template);
    if (known === undefined) return false;
    return known.has(value) || [...known].some((one) => Array.isArray(one) && one.includes(value));
  }

  /** Whether a part gave an object with this member. */
  gaveMember(template: Template, key: string, value: unknown): boolean {
    const known = this.values.get(template) ?? [];
    return [...known].some((one) => isObject(one) && Object.hasOwn(one, key) && Object.is(one[key], value));
  }
}

interface Maker {
  /** JSON Pointer of an element of the result. */
  readonly pointer: string;
  readonly template: Leaf['template'];
}

interface Spot {
  readonly pointer: string;
  readonly made: Made;
}

/** Goes down a result and the template that made it, side by side: for each value, the part that gave it. */
export function makersOf(value: unknown, template: Template, spot: Spot): Maker[] {
  if (template.kind !== 'object' && template.kind !== 'list') {
    return valuesIn(value, spot.pointer).map((pointer) => ({ pointer, template }));
  }
  const parts = template.kind === 'list' ? template.items : template.members.flatMap(wholeParts);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => amongParts(item, parts, { ...spot, pointer: `${spot.pointer}/${index}` }));
  }
  if (template.kind === 'list') return amongParts(value, parts, spot);
  const own = isObject(value) ? fieldMakers(value, template.members, spot) : [];
  return own.length > 0 ? own : amongParts(value, parts, spot);
}

function amongParts(value: unknown, parts: readonly Template[], spot: Spot): Maker[] {
  return parts.filter((part) => spot.made.gave(part, value)).flatMap((part) => makersOf(value, part, spot));
}

/** The parts of a directive that can be the whole value. */
function wholeParts(member: Member): readonly Template[] {
  switch (member.kind) {
    case 'if':
      return member.otherwise === undefined ? [member.chosen] : [member.chosen, member.otherwise];
    case 'for':
    case 'include':
      return [member.body];
    case 'merge':
      return member.parts;
    default:
      return [];
  }
}

/** The members of an object, made by its own keys or merged in. */
function fieldMakers(value: Record<string, unknown>, members: readonly Member[], spot: Spot): Maker[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const pointer = `${spot.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return members.flatMap((member) => {
      if (member.kind === 'field') {
        return member.key === key && spot.made.gave(member.value, inner)
          ? makersOf(inner, member.value, { ...spot, pointer })
          : [];
      }
      return wholeParts(member).flatMap((part) => mergedMakers({ key, inner, pointer }, part, spot));
    });
  });
}

function mergedMakers(
  { key, inner, pointer }: { readonly key: string; readonly inner: unknown; readonly pointer: string },
  part: Template,
  spot: Spot,
): Maker[] {
  if (part.kind === 'object') return fieldMakers({ [key]: inner }, part.members, spot);
  return part.kind === 'first' && spot.made.gaveMember(part, key, inner)
    ? makersOf(inner, part, { ...spot, pointer })
    : [];
}
