import type { LoopEvent } from '../../../core/loop/event.ts';
import { owing } from '../../../core/loop/promises/closure.ts';
import { notKept, type Reading } from '../../../core/loop/read-back/reading.ts';
import type { DescribedPromise, LoopDescription } from '../../../core/loop/shown/describe-loop.ts';
import { stateRow } from '../../../core/loop/states.ts';
import type { IgnoredWhy } from '../../../core/loop/tasks/task-state.ts';
import type { Hold, Leg, Message } from '../../../core/message.ts';
import { type MaskedValue, maskedValue } from '../../mask/mask.ts';
import type { ConsolePath } from '../../paths.ts';
import type { ConsoleUser } from '../../session/console-user.ts';
import { counted, instantInWords } from '../../words.ts';

/** One thing that happened to a loop, as the page shows it. */
export interface TimelineItem {
  readonly at: string;
  readonly kind: 'message' | 'event' | 'delivery' | 'hold' | 'reading' | 'promise' | 'patient';
  readonly title: string;
  readonly details: readonly string[];
  readonly links: readonly { readonly text: string; readonly href: ConsolePath }[];
  /** What somebody wrote about the patient. */
  readonly note?: MaskedValue;
  readonly isLate?: true;
}

/** Where an account may go on to; undefined for what is not for it. */
export interface Opens {
  message(message: string, partner: string): ConsolePath | undefined;
  hold(hold: string): ConsolePath | undefined;
}

export interface TimelineGiven {
  readonly described: LoopDescription;
  readonly events: readonly LoopEvent[];
  readonly legs: readonly Leg[];
  readonly holds: readonly Hold[];
  readonly messages: readonly Message[];
  readonly readings: readonly Reading[];
  readonly names: Readonly<Record<string, string>>;
  readonly unmasked: boolean;
  readonly user: Pick<ConsoleUser, 'roles' | 'partners'>;
  readonly opens: Opens;
}

/** All that happened to a loop, in order: messages, events, deliveries with their acknowledgements, read-backs, holds and promises. */
export function viewTimeline(given: TimelineGiven): TimelineItem[] {
  const { described, events, legs, holds, messages, readings } = given;
  const replies = new Set(legs.map(({ reply }) => reply));
  const received = messages.filter(({ id, direction, identity }) => isOwnWord({ id, direction, identity }, replies));
  const items = [
    ...received.map((one) => ofMessage(one, given)),
    ...events.map((one) => ofEvent(one, given)),
    ...legs.map((one) => ofLeg(one, given)),
    ...readings.map((one) => ofReading(one, given)),
    ...holds.flatMap((one) => ofHold(one, given)),
    ...described.promised.flatMap((one) => ofPromise(one, given)),
    ...described.timeline.filter(({ what }) => what.startsWith('patient ')).map(ofPatientNews),
  ];
  // What comes of a message stands after it, also where both are of the same instant.
  return items
    .map((item, place) => ({ item, place }))
    .sort((a, b) => (a.item.at === b.item.at ? a.place - b.place : a.item.at < b.item.at ? -1 : 1))
    .map(({ item }) => item);
}

function isOwnWord(
  { id, direction, identity }: Pick<Message, 'id' | 'direction' | 'identity'>,
  replies: ReadonlySet<string | undefined>,
): boolean {
  return direction === 'in' && !identity.startsWith('reply:') && !replies.has(id);
}

function nameOf(partner: string, names: TimelineGiven['names']): string {
  return names[partner] ?? (partner === 'hearback' ? 'Hearback' : partner);
}

function messageLink(text: string, message: string | undefined, partner: string, { opens }: TimelineGiven) {
  const href = message === undefined ? undefined : opens.message(message, partner);
  return href === undefined ? [] : [{ text, href }];
}

function ofMessage({ id, at, partner, channel, verdict, findings }: Message, given: TimelineGiven): TimelineItem {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return {
    at,
    kind: 'message',
    title: `Message from ${nameOf(partner, given.names)} ${verdict}`,
    details: [CHANNELS[channel], ...(rules.length === 0 ? [] : [`found: ${rules.join(', ')}`])],
    links: messageLink('The message', id, partner, given),
  };
}

const CHANNELS: Readonly<Record<Message['channel'], string>> = {
  fhir: 'over FHIR',
  webhook: 'by webhook',
  mllp: 'over HL7 v2',
  amqp: 'over AMQP',
};

function ofEvent(event: LoopEvent, given: TimelineGiven): TimelineItem {
  const { at, recordedAt, by, kind, message, note } = event;
  const { names, unmasked, user, described } = given;
  const ignored = described.timeline.find((one) => one.id === event.id)?.ignored;
  // What one partner wrote is not for the account of another.
  const isTheirs = user.partners === undefined || user.partners.includes(by);
  return {
    at,
    kind: 'event',
    title: `${stateRow(kind).display}, says ${nameOf(by, names)}`,
    details: [
      ...(recordedAt.slice(0, 16) === at.slice(0, 16)
        ? []
        : [`known here since ${instantInWords(recordedAt) ?? recordedAt}`]),
      ...(ignored === undefined ? [] : [`does not count: ${IGNORED[ignored]}`]),
    ],
    links: messageLink('The message', message, by, given),
    ...(note !== undefined && isTheirs && { note: maskedValue('notes', note, { unmasked, roles: user.roles }) }),
  };
}

const IGNORED: Readonly<Record<IgnoredWhy, string>> = {
  ended: 'it had ended before this happened',
  'contradicts-end': 'it had ended otherwise; a person should look',
  'said-already': 'it was said before',
  'already-past': 'it was further along already',
  'nothing-asked': 'nothing had been asked',
  void: 'the referral was entered in error',
  'unknown-task': 'it speaks of a part that is not known',
};

function ofLeg(leg: Leg, given: TimelineGiven): TimelineItem {
  const { purpose, partner, status, ack, attempts, queuedAt, firstSentAt, settledAt, part, mapping, flags = [] } = leg;
  const which = part === undefined ? '' : ` (${part.number} of ${part.of})`;
  const tells = (leg.tells ?? []).flatMap((id) => given.events.find((event) => event.id === id)?.kind ?? []);
  const rules = [...new Set(flags.map(({ rule }) => rule))];
  return {
    at: settledAt ?? firstSentAt ?? queuedAt,
    kind: 'delivery',
    title: `${PURPOSES[purpose]}${which} to ${nameOf(partner, given.names)}: ${LEG_WORDS[status]}`,
    details: [
      ...(ack === undefined ? [] : [`acknowledgement: ${ack}`]),
      counted(attempts, 'attempt'),
      ...(tells.length === 0 ? [] : [`tells: ${tells.map((kind) => stateRow(kind).display).join(', ')}`]),
      ...(mapping === undefined ? [] : [`made by ${mapping.name} version ${mapping.version}`]),
      ...(rules.length === 0 ? [] : [`flagged: ${rules.join(', ')}`]),
      ...(leg.lastFailure === undefined ? [] : [`last failure: ${leg.lastFailure}`]),
    ],
    links: [
      ...messageLink('What was sent, and its receipt', leg.message, partner, given),
      ...messageLink('The answer', leg.reply, partner, given),
    ],
  };
}

const PURPOSES: Readonly<Record<Leg['purpose'], string>> = {
  referral: 'Referral',
  update: 'Update',
  cancel: 'Cancellation',
  'write-back': 'Write-back',
  document: 'Document',
};

const LEG_WORDS: Readonly<Record<Leg['status'], string>> = {
  queued: 'waits to be sent',
  sending: 'is being sent',
  acknowledged: 'acknowledged',
  refused: 'refused',
  ambiguous: 'may have arrived',
  abandoned: 'given up',
};

function ofReading({ at, is, partner, messages, entries }: Reading, given: TimelineGiven): TimelineItem {
  return {
    at,
    kind: 'reading',
    title: `Record of ${nameOf(partner, given.names)} read back: ${is === 'not-found' ? 'not found' : is}`,
    details: notKept(entries),
    links: messages.flatMap((id) => messageLink('What the record answered', id, partner, given)),
  };
}

function ofHold(hold: Hold, { names, opens }: TimelineGiven): TimelineItem[] {
  const { id, kind, partner, openedAt, resolvedAt, resolvedBy, resolution, findings } = hold;
  const what = kind.replaceAll('-', ' ');
  const about = partner === undefined ? '' : ` about ${nameOf(partner, names)}`;
  const href = opens.hold(id);
  const links = href === undefined ? [] : [{ text: 'The hold', href }];
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const opened: TimelineItem = {
    at: openedAt,
    kind: 'hold',
    title: `Held${about}: ${what}`,
    details: rules,
    links,
    ...(resolvedAt === undefined && { isLate: true }),
  };
  if (resolvedAt === undefined) return [opened];
  const details = resolution === undefined || href === undefined ? [] : [`reason: ${resolution}`];
  return [
    opened,
    {
      at: resolvedAt,
      kind: 'hold',
      title: `Hold resolved by ${resolvedBy ?? 'nobody named'}: ${what}`,
      details,
      links,
    },
  ];
}

function ofPromise(promise: DescribedPromise, { names, described }: TimelineGiven): TimelineItem[] {
  const { kind, owedBy, owedTo, madeAt, dueAt, level, keptAt, keptAs, releasedAt, releasedWhy, lateSince } = promise;
  const words = owing(kind, nameOf(owedBy, names), nameOf(owedTo, names));
  const item = (at: string, title: string, details: readonly string[] = []): TimelineItem => ({
    ...{ at, kind: 'promise', title, details, links: [] },
  });
  const isLate = described.late.some(({ id }) => id === promise.id);
  return [
    {
      ...item(madeAt, words, [`due ${instantInWords(dueAt) ?? dueAt}`, `kept by: ${level}`]),
      ...(isLate && { isLate: true }),
    },
    ...(lateSince === undefined ? [] : [item(lateSince, `Late: ${words}`)]),
    ...(keptAt === undefined ? [] : [item(keptAt, `Kept: ${words}`, keptAs === undefined ? [] : [`as ${keptAs}`])]),
    ...(releasedAt === undefined ? [] : [item(releasedAt, `No longer owed: ${words}`, [releasedWhy ?? ''])]),
  ];
}

function ofPatientNews({ at, what }: LoopDescription['timeline'][number]): TimelineItem {
  return { at, kind: 'patient', title: `${what.charAt(0).toUpperCase()}${what.slice(1)}`, details: [], links: [] };
}
