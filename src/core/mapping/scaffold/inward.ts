import { stringify } from 'yaml';
import type { MappingFrom } from '../direction.ts';
import { isUkDate, leavesOfSample, type SampleLeaf } from './sample-leaves.ts';

/** A new mapping with its first case, as the texts of their files, and what is left for a person to do. */
export interface Scaffold {
  readonly mapping: string;
  readonly case: string;
  readonly next: readonly string[];
}

/** What is looked for in the names of a sample, best first. Guessed from names only: every guess is marked as one. */
const WANTED = {
  reference: [/^client_?ref/i, /^(your|gp|referrer)_?(ref|number)/i, /referral_?(id|ref|number)/i, /ref(erence)?$/i],
  status: [/^(status|state|outcome)$/i, /(status|state|outcome)/i],
  // What a platform calls "our reference" is its own.
  platformId: [/^our_?(ref|number)/i, /^(case|record|enrolment|ticket|job|booking)_?(id|number|ref)/i, /^id$/i],
  when: [/^(occurred|updated|reported|changed)/i, /(date|time|timestamp|_at|At)$/i],
  worker: [/(worker|navigator|adviser|advisor|officer|practitioner|author|assigned)/i],
  reason: [/reason/i],
  note: [/(note|comment|narrative|summary|message)/i],
} satisfies Readonly<Record<string, readonly RegExp[]>>;

type Wanted = keyof typeof WANTED;

/** A first mapping for what a platform sends: a report on a referral that it was given. */
export function scaffoldInward(name: string, sample: unknown, from: MappingFrom = 'json'): Scaffold {
  const leaves = leavesOfSample(sample).filter(({ value }) => typeof value === 'string');
  const found = guesses(leaves);
  const unread = leavesOfSample(sample).filter(({ path }) => ![...found.values()].some((leaf) => leaf.path === path));
  const map = `${name.replaceAll('/', '-')}-status-to-loop-state`;
  const partner = name.split('/')[0] ?? name;
  const lines = [
    '# What the platform says about a referral, as a report Bundle. Lines marked "guessed" were told from names alone: check each.',
    `mapping: ${name}`,
    'version: 1',
    `from: ${from}`,
    'to: fhir/report',
    `order: "{{ ${read(found, 'reference')} }}"${guessed(found, 'reference')}`,
    'maps:',
    `  ${map}: { system: https://${partner}.example/status, onNoMatch: hold }`,
    'require:',
    '  - entry.resource.identifier.value',
    '  - entry.resource.businessStatus.coding.code',
    'result:',
    '  resourceType: Bundle',
    '  type: collection',
    '  entry:',
    '    - resource:',
    '        resourceType: Task',
    '        identifier:',
    '          - system: "{{ %referralSystem }}"',
    `            value: "{{ ${read(found, 'reference')} }}"${guessed(found, 'reference')}`,
    ...platformIdentifier(found),
    '        status: in-progress',
    '        intent: order',
    '        # The canonical word (docs/words.md): the concept map says which of the platform’s words means which.',
    '        businessStatus:',
    '          coding:',
    `            - "{{ ${read(found, 'status')}.translateCoding('${map}') }}"${guessed(found, 'status')}`,
    ...optional(found, 'reason', (path) => ['statusReason:', `  text: "{{ ${path} }}"`]),
    ...optional(found, 'when', (path, leaf) => [
      `lastModified: "{{ ${path}${isUkDate(leaf.value) ? '.isoDate()' : ''} }}"`,
    ]),
    ...optional(found, 'worker', (path) => ['owner:', `  display: "{{ ${path} }}"`]),
    ...optional(found, 'note', (path) => ['note:', `  - text: "{{ ${path} }}"`]),
    ...(unread.length === 0 ? [] : ['# Not read yet:', ...unread.map(({ path }) => `#   ${path}`)]),
  ];
  const reference = found.get('reference');
  return {
    mapping: `${lines.join('\n')}\n`,
    case: caseText(sample, reference),
    next: [
      ...(['reference', 'status'] as const)
        .filter((wanted) => !found.has(wanted))
        .map(
          (wanted) =>
            `Put the element that holds the ${wanted === 'reference' ? 'reference we sent' : 'status'} in place of fillIn.`,
        ),
      `Write the concept map ${map} into the terminology directory: a row for each word of the platform.`,
    ],
  };
}

function guesses(leaves: readonly SampleLeaf[]): Map<Wanted, SampleLeaf> {
  const found = new Map<Wanted, SampleLeaf>();
  for (const wanted of Object.keys(WANTED).filter(isWanted)) {
    const taken = [...found.values()];
    const free = leaves.filter((leaf) => !taken.includes(leaf));
    for (const pattern of WANTED[wanted]) {
      const leaf =
        free.find(({ key }) => pattern.test(key)) ?? free.find(({ path }) => wanted === 'worker' && pattern.test(path));
      if (leaf === undefined) continue;
      found.set(wanted, leaf);
      break;
    }
  }
  return found;
}

function isWanted(name: string): name is Wanted {
  return Object.hasOwn(WANTED, name);
}

/** `fillIn` is no element of anything: what reads it gives nothing, and the case says so. */
function read(found: ReadonlyMap<Wanted, SampleLeaf>, wanted: Wanted): string {
  return found.get(wanted)?.path ?? 'fillIn';
}

function guessed(found: ReadonlyMap<Wanted, SampleLeaf>, wanted: Wanted): string {
  return found.has(wanted) ? ' # guessed' : ' # fill in';
}

function optional(
  found: ReadonlyMap<Wanted, SampleLeaf>,
  wanted: Wanted,
  lines: (path: string, leaf: SampleLeaf) => readonly string[],
): string[] {
  const leaf = found.get(wanted);
  if (leaf === undefined) return [];
  return lines(leaf.path, leaf).map((line, at, all) => `        ${line}${at === all.length - 1 ? ' # guessed' : ''}`);
}

function platformIdentifier(found: ReadonlyMap<Wanted, SampleLeaf>): string[] {
  const leaf = found.get('platformId');
  return leaf === undefined
    ? []
    : [
        `          - system: "urn:hearback:reference:{{ %partner }}"`,
        `            value: "{{ ${leaf.path} }}" # guessed`,
      ];
}

function caseText(sample: unknown, reference: SampleLeaf | undefined): string {
  return [
    'name: The sample becomes a report.',
    stringify({ input: sample }).trimEnd(),
    'variables: { receivedAt: 2026-11-21T10:00:05.000Z, partner: partner-1, message: message-1 }',
    ...(reference === undefined ? [] : [`order: ${JSON.stringify(reference.value)}`]),
    '# Nothing may be held and nothing may be wrong.',
    'unmapped: []',
    'findings: []',
    '',
  ].join('\n');
}
