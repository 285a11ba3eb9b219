import { stringify } from 'yaml';
import { isObject } from '../plain-value.ts';
import { EXAMPLE_DOSSIER } from './example-dossier.ts';
import type { Scaffold } from './inward.ts';
import { isUkDate } from './sample-leaves.ts';

interface Guess {
  readonly pattern: RegExp;
  readonly expression: string;
  /** A date, which some platforms want as forms in the UK have it. */
  readonly date?: true;
}

/** What a name in a platform's payload most likely means; the first that fits. Guessed from names only. */
const GUESSES: readonly Guess[] = [
  { pattern: /nhs/i, expression: '%patient.identifier.where(system = %nhsNumber).value' },
  { pattern: /(birth|dob)/i, expression: '%patient.birthDate', date: true },
  { pattern: /(first|given|fore)_?name|^(first|given|forename)$/i, expression: "%patient.name.given.join(' ')" },
  { pattern: /(last|family|sur)_?name|^(last|family)$/i, expression: '%patient.name.family' },
  { pattern: /^(title|prefix)$/i, expression: '%patient.name.prefix' },
  { pattern: /(full|client|patient)_?name|^name$/i, expression: "%patient.name.select((given | family).join(' '))" },
  { pattern: /post_?code/i, expression: '%patient.address.postalCode' },
  { pattern: /(address|street|lines?)/i, expression: "%patient.address.line.join(', ')" },
  { pattern: /(town|city)/i, expression: '%patient.address.city' },
  { pattern: /(phone|mobile|tel)/i, expression: "%patient.telecom.where(system = 'phone').value" },
  { pattern: /e-?mail/i, expression: "%patient.telecom.where(system = 'email').value" },
  { pattern: /task_?(id|ref)/i, expression: '%task' },
  { pattern: /(ref(erence|erral)?(_?(id|number))?|ref)$/i, expression: '%referral' },
  { pattern: /(reason|need|concern|narrative)/i, expression: "%request.reasonCode.text.join('; ')" },
  { pattern: /(priority|urgency)/i, expression: '%request.priority' },
  { pattern: /(note|comment)/i, expression: "%request.note.text.join('; ')" },
  { pattern: /(sent|created|date|time|_at|At|Date|Time)$/, expression: '%now', date: true },
];

/** What names the payload itself rather than the person: taken over as it is. */
const CONSTANT = /^(event|type|kind|message_?type|action|version|schema)$/i;

/** A first mapping for what a platform wants to be sent, in the shape of a sample. */
export function scaffoldOutward(name: string, sample: unknown, to: 'json' | 'form' | 'xml' = 'json'): Scaffold {
  const open: string[] = [];
  const body = isObject(sample) ? members(sample, { indent: '  ', open, path: '', to }) : [];
  const lines = [
    '# A referral as the platform wants it. Lines marked "guessed" were told from names alone: check each.',
    `mapping: ${name}`,
    'version: 1',
    'from: fhir/referral',
    `to: ${to}`,
    'let:',
    '  request: "{{ Bundle.entry.resource.ofType(ServiceRequest) }}"',
    '  patient: "{{ Bundle.entry.resource.ofType(Patient) }}"',
    'result:',
    ...body,
  ];
  return {
    mapping: `${lines.join('\n')}\n`,
    case: [
      'name: A referral becomes what the platform wants.',
      stringify({ input: EXAMPLE_DOSSIER }).trimEnd(),
      'variables: { referral: ref-1, task: task-1, now: 2026-11-21T10:00:00.000Z, partner: partner-1, message: message-1 }',
      'unmapped: []',
      'findings: []',
      '',
    ].join('\n'),
    next: open.map((path) => `Fill in ${path}, or remove it.`),
  };
}

function members(object: Readonly<Record<string, unknown>>, spot: Spot): string[] {
  return Object.entries(object).flatMap(([key, value]) => member(key, value, { ...spot, path: `${spot.path}/${key}` }));
}

interface Spot {
  readonly indent: string;
  readonly open: string[];
  readonly path: string;
  readonly to: 'json' | 'form' | 'xml';
}

function member(key: string, value: unknown, spot: Spot): string[] {
  const { indent, open, path, to } = spot;
  // An attribute of XML is guessed by its name as an element is.
  const called = key.replace(/^@/, '');
  const name = `${indent}${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}:`;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (isObject(first)) {
    if (!Array.isArray(value)) return [name, ...members(first, { ...spot, indent: `${indent}  ` })];
    const inner = members(first, { ...spot, indent: `${indent}    ` });
    return [name, ...inner.map((line, at) => (at === 0 ? `${indent}  - ${line.trimStart()}` : line))];
  }
  if (typeof first === 'string' && CONSTANT.test(called)) return [`${name} ${JSON.stringify(first)}`];
  const guess = GUESSES.find(({ pattern }) => pattern.test(called));
  if (guess === undefined) {
    open.push(path);
    return [`${name} null # fill in`];
  }
  const expression = guess.date !== undefined && isUkDate(first) ? `${guess.expression}.ukDate()` : guess.expression;
  const [opening, closing] = Array.isArray(value) && to !== 'form' ? ['{[', ']}'] : ['{{', '}}'];
  return [`${name} "${opening} ${expression} ${closing}" # guessed`];
}
