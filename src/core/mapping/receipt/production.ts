import type { TracedItems } from '../../fhirpath/compile-path.ts';
import type { Place } from '../../finding.ts';
import { type Member, onlyMember, type Template } from '../template.ts';
import { writtenAs } from '../template-leaves.ts';
import type { Rule } from './receipt.ts';

/** A part of the template, with what is known of it before any run. */
export interface Part {
  readonly template: Template;
  readonly rule: Rule;
  /** Of an object: the key that each of its values stands under; what is merged has none. */
  readonly keys: ReadonlyMap<Template, Key>;
  /** The directive other than `{% merge %}` that is the whole value. */
  readonly passes: boolean;
  /** Whether a key could come twice. */
  readonly merges: boolean;
}

export interface Key {
  readonly name: string;
  /** `/` and the name as JSON Pointer writes it. */
  readonly step: string;
}

/** What a part made in one run: with what its expressions gave, or with what was made within it. */
export class Production {
  readonly part: Part;
  readonly value: unknown;
  readonly found: readonly TracedItems[];
  readonly within: readonly Production[] | undefined;

  constructor(part: Part, value: unknown, found: readonly TracedItems[], within: readonly Production[] | undefined) {
    this.part = part;
    this.value = value;
    this.found = found;
    this.within = within;
  }
}

export function partOf(template: Template, place: (offset: number) => Place): Part {
  const only = template.kind === 'object' ? onlyMember(template) : undefined;
  const members = template.kind === 'object' ? template.members : [];
  return {
    template,
    rule: ruleAt(place(template.offset), template),
    keys: new Map(members.flatMap(keyOf)),
    passes: only !== undefined && only.kind !== 'merge',
    merges: members.some(({ kind }) => kind !== 'field'),
  };
}

function keyOf(member: Member): (readonly [Template, Key])[] {
  if (member.kind !== 'field') return [];
  return [[member.value, { name: member.key, step: `/${escaped(member.key)}` }]];
}

function ruleAt({ file = '', line, column }: Place, template: Template): Rule {
  const written = template.kind === 'object' || template.kind === 'list' ? '' : writtenAs(template);
  return { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }), written };
}

export function escaped(name: string): string {
  return /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
}
