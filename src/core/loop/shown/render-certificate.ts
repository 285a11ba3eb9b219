import { notKept } from '../read-back/reading.ts';
import type { Certificate } from './certificate.ts';

/** A certificate as plain text, one thing a line, digests whole. The same certificate gives the same bytes. */
export function renderCertificate(one: Certificate): string {
  return [
    `CERTIFICATE OF LOOP ${one.referral}`,
    `referred by ${one.referrer}, opened ${one.openedAt}`,
    one.status === 'closed' ? `closed ${one.closedAt}` : 'NOT CLOSED: what is still owed stands below as open',
    `the GP was told: ${one.closure.level ?? 'nothing yet'}`,
    ...one.closure.labels.map((label) => `label: ${label}`),
    ...section('RECEIVED', one.received.flatMap(receivedLines)),
    ...section('PROMISED', one.promised.map(promiseLine)),
    ...section('SENT, ACKNOWLEDGED AND READ BACK', one.sent.flatMap(legLines)),
    ...section('HELD', one.holds.flatMap(holdLines)),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', title, ...(lines.length === 0 ? ['  nothing'] : lines.map((line) => `  ${line}`))];
}

function receivedLines({ message, from, channel, at, sha256, said }: Certificate['received'][number]): string[] {
  const words = said.length === 0 ? '' : `: ${said.join(', ')}`;
  return [`${at}  from ${from} (${channel})${words}`, `    message ${message}  sha256:${sha256}`];
}

function promiseLine(promise: Certificate['promised'][number]): string {
  const { kind, owedBy, owedTo, madeAt, dueAt, level, lateSince } = promise;
  const late = lateSince === undefined ? '' : `, seen late ${lateSince}`;
  return `${madeAt}  ${kind}: ${owedBy} to ${owedTo}, by ${dueAt}, at the level ${level}${late}; ${endOf(promise)}`;
}

function endOf({ is, keptAt, keptAs, keptBy, releasedAt, releasedWhy }: Certificate['promised'][number]): string {
  if (is === 'open') return 'OPEN';
  return is === 'kept' ? `kept ${keptAt} as ${keptAs} by ${keptBy}` : `released ${releasedAt}: ${releasedWhy}`;
}

function legLines(leg: Certificate['sent'][number]): string[] {
  const {
    purpose,
    to,
    status,
    attempts,
    firstSentAt = 'not sent',
    settledAt,
    level,
    tells,
    as,
    answer,
    mapping,
    flags,
  } = leg;
  const acknowledged = level === undefined ? status : `${status} ${settledAt} (${level})`;
  return [
    `${firstSentAt}  ${purpose}${as === undefined ? '' : ` as ${as}`} to ${to}: ${acknowledged}, attempts ${attempts}`,
    `    leg ${leg.leg}  sha256:${leg.sha256}`,
    ...(tells.length === 0 ? [] : [`    tells ${tells.join(', ')}`]),
    ...(mapping === undefined ? [] : [`    made by ${mapping}`]),
    ...(flags.length === 0 ? [] : [`    flagged ${flags.join(', ')}`]),
    ...(answer === undefined ? [] : [`    answered by message ${answer.message}  sha256:${answer.sha256}`]),
    ...leg.readings.flatMap(readingLines),
  ];
}

function readingLines({ at, is, sha256, entries }: Certificate['sent'][number]['readings'][number]): string[] {
  return [
    `    read back ${at}: ${is}  ${sha256.map((digest) => `sha256:${digest}`).join(' ')}`,
    ...entries.map(({ type, entry, is: how, elements }) => {
      const each = elements.map(({ element, is: kept }) => `${element} ${kept}`).join(', ');
      return `      ${type} ${entry}: ${how}${each === '' ? '' : ` (${each})`}`;
    }),
    ...notKept(entries).map((words) => `      NOT AS SENT: ${words}`),
  ];
}

function holdLines({
  hold,
  kind,
  partner,
  openedAt,
  rules,
  resolvedAt,
  resolvedBy,
}: Certificate['holds'][number]): string[] {
  const end = resolvedAt === undefined ? 'OPEN' : `resolved ${resolvedAt} by ${resolvedBy ?? 'nobody named'}`;
  return [
    `${openedAt}  ${kind}${partner === undefined ? '' : ` about ${partner}`}: ${end}`,
    `    hold ${hold}  ${rules.join(', ')}`,
  ];
}
