import type { MappingStamp } from '../../message.ts';
import type { Reading } from '../read-back/reading.ts';
import { stateRow } from '../states.ts';
import type { DescribedLeg, DescribedPromise, DescribedTask, LoopDescription, Moment } from './describe-loop.ts';

/** A loop as plain text for a terminal, one thing a line, without colours. */
export function renderLoop(loop: LoopDescription): string {
  return [
    `Loop ${loop.id}: ${loop.status}${levelOf(loop)}, referred by ${loop.referrer}`,
    ...section('State', [
      taskLine('referral', loop.state),
      ...loop.children.map((child) => taskLine(child.partner ?? child.task, child)),
    ]),
    ...section('Promised', loop.promised.map(promiseLine)),
    ...section('Sent', loop.sent.map(legLine)),
    ...section('Read back', loop.readings.flatMap(readingLines)),
    ...section('Not as it was sent', loop.closure.labels),
    ...section(
      'Late',
      loop.late.map((promise) => promise.words),
    ),
    ...section(
      'Owed',
      loop.owes.filter((promise) => !promise.late).map((promise) => promise.words),
    ),
    ...section(
      'Holds',
      loop.holds.map(({ id, kind, resolvedAt }) => `${kind} ${id}${resolvedAt ? ' (resolved)' : ''}`),
    ),
    ...section('Timeline', loop.timeline.map(momentLine)),
    '',
  ].join('\n');
}

/** A closed loop says how far the GP was really told. */
function levelOf({ status, closure }: LoopDescription): string {
  return status === 'closed' && closure.level !== undefined ? ` (GP told: ${closure.level})` : '';
}

function readingLines({ at, leg, entries }: Reading): string[] {
  return [
    `${at}  of write-back ${leg}`,
    ...entries.map(({ type, entry, is, elements }) => {
      const each = elements.map((one) => `${one.element} ${one.is}${one.why === undefined ? '' : ` (${one.why})`}`);
      return `  ${type} ${entry}: ${is === 'not-found' ? 'not found' : is}${each.length > 0 ? `; ${each.join(', ')}` : ''}`;
    }),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function taskLine(name: string, task: DescribedTask): string {
  const since = task.since === undefined ? '' : `, since ${task.since}`;
  const cancel = task.cancel === 'none' ? '' : `; cancel ${task.cancel}`;
  return `${name}: ${stateRow(task.kind).display} (${task.status})${since}${cancel}`;
}

function promiseLine(promise: DescribedPromise): string {
  const { kind, owedBy, owedTo, keptAt, keptAs, keptBy, releasedAt, releasedWhy, dueAt, level } = promise;
  const who = `${kind}: ${owedBy} to ${owedTo}`;
  if (promise.is === 'kept') return `${who}, kept ${keptAt} (${keptAs}, ${keptBy})`;
  return promise.is === 'released'
    ? `${who}, released ${releasedAt}: ${releasedWhy}`
    : `${who}, open, due ${dueAt} (${level})`;
}

function legLine(leg: DescribedLeg): string {
  const attempts = leg.attempts === 1 ? '1 attempt' : `${leg.attempts} attempts`;
  const ack = leg.ack === undefined ? '' : ` (${leg.ack})`;
  const part = leg.part === undefined ? '' : ` (${leg.part.number} of ${leg.part.of})`;
  return `${leg.purpose}${part} to ${leg.partner}: ${leg.status}${ack}, ${attempts}${madeBy(leg.mapping)}${flagged(leg)}`;
}

/** What was known before it was sent. */
function flagged({ flags = [] }: DescribedLeg): string {
  return flags.length === 0 ? '' : `, flagged ${[...new Set(flags.map(({ rule }) => rule))].join(', ')}`;
}

function momentLine({ at, what, who, ignored }: Moment): string {
  return `${at}  ${what}  by ${who}${ignored === undefined ? '' : `  (does not count: ${ignored})`}`;
}

/** The first letters of the digest tell apart what has the same version; `--json` has it whole. */
function madeBy(mapping: MappingStamp | undefined): string {
  return mapping === undefined ? '' : `, by ${mapping.name} v${mapping.version} (${mapping.digest.slice(0, 12)})`;
}
