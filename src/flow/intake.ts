import { createHash } from 'node:crypto';
import type { Finding } from '../core/finding.ts';
import type { Answer, Message } from '../core/message.ts';
import type { Arrival, Intake, RefusalStatus, Verdict } from '../ports.ts';
import type { Changes, JournalEntry } from '../ports-changes.ts';
import { bodyDetail } from './intake/body-detail.ts';
import { decideAcknowledgement } from './intake/decide-acknowledgement.ts';
import { decideFhirAcknowledgement } from './intake/decide-fhir-acknowledgement.ts';
import { decideHl7v2 } from './intake/decide-hl7v2.ts';
import { decideReferral } from './intake/decide-referral.ts';
import { decideReport } from './intake/decide-report.ts';
import { decideTaskUpdate } from './intake/decide-task-update.ts';
import type { Decision, Moment } from './intake/decision.ts';
import type { RoadParts } from './road-parts.ts';

/**
 * Intake: validate, decide, record in one transaction, answer. In that order: the answer that leaves is the one on disk,
 * and a refused message is on disk too.
 */
export function createIntake(partsNow: () => RoadParts, wake: () => void): Intake {
  return {
    async intake(arrival, render) {
      const parts = partsNow();
      const { partner, channel, correlation, headers } = arrival;
      const about = { partner, channel, ...(correlation !== undefined && { correlation }) };
      const parent = headers['traceparent'];
      const step = { name: 'intake' as const, about, ...(parent !== undefined && { parent }) };
      return parts.trace.step(step, () => taken(arrival, render, { parts, wake }));
    },
  };
}

interface Taking {
  readonly parts: RoadParts;
  readonly wake: () => void;
}

async function taken(arrival: Arrival, render: (verdict: Verdict) => Answer, { parts, wake }: Taking): Promise<Answer> {
  for (;;) {
    const moment = { now: parts.clock.now().toISOString(), message: parts.ids.next() };
    const decision = await decide(arrival, moment, parts);
    const referral = decision.kind === 'accepted' ? decision.referral : undefined;
    parts.trace.about({ message: moment.message, ...(referral !== undefined && { referral }) });
    const answer = render(verdictOf(decision, moment));
    const message = messageOf(arrival, moment, { decision, answer });
    const reception = await parts.store.receive(message, changesOf(decision, arrival, message));
    if (reception.kind === 'stale' || reception.kind === 'taken') continue;
    parts.trace.about({ outcome: reception.kind === 'first' ? decision.kind : reception.kind });
    if (reception.kind === 'repeat') return render(reception);
    if (reception.kind === 'conflict') return render({ kind: 'conflict', findings: [conflict()] });
    if (decision.kind === 'accepted') wake();
    return answer;
  }
}

async function decide(arrival: Arrival, moment: Moment, parts: RoadParts): Promise<Decision> {
  const unreadable = arrival.findings.filter((finding) => finding.severity === 'error');
  if (unreadable.length > 0 || arrival.content === undefined) {
    return { kind: 'refused', status: unreadableStatus(unreadable), findings: arrival.findings };
  }
  switch (arrival.ask.kind) {
    case 'platform-report':
      return decideReport(arrival, arrival.ask.mapping, moment, parts);
    case 'hl7v2-acknowledgement':
      return decideAcknowledgement(arrival, moment, parts);
    case 'fhir-acknowledgement':
      return decideFhirAcknowledgement(arrival, moment, parts);
    case 'hl7v2-message':
      return decideHl7v2(arrival, arrival.ask, moment, parts);
    case 'fhir-update':
      return decideTaskUpdate(arrival, arrival.ask, moment, parts);
    default:
      return decideReferral(arrival, moment, parts);
  }
}

function unreadableStatus(findings: readonly Finding[]): RefusalStatus {
  if (findings.some((finding) => finding.rule.endsWith('/media-type') || finding.rule.endsWith('/encoding')))
    return 415;
  return findings.some((finding) => finding.issue === 'too-long') ? 413 : 400;
}

function verdictOf(decision: Decision, moment: Moment): Verdict {
  if (decision.kind === 'refused') return { ...decision, message: moment.message };
  const { resources, findings, referral } = decision;
  return {
    kind: 'accepted',
    message: moment.message,
    resources,
    findings,
    ...(referral !== undefined && { referral }),
  };
}

function messageOf(arrival: Arrival, moment: Moment, came: { decision: Decision; answer: Answer }): Message {
  const { decision, answer } = came;
  const referral = decision.kind === 'accepted' ? decision.referral : undefined;
  return {
    id: moment.message,
    direction: 'in',
    partner: arrival.partner,
    channel: arrival.channel,
    identity: arrival.identity,
    ...(arrival.correlation !== undefined && { correlation: arrival.correlation }),
    digest: createHash('sha256').update(arrival.body).digest('hex'),
    at: moment.now,
    contentType: arrival.contentType,
    headers: arrival.headers,
    body: arrival.body,
    verdict: decision.kind,
    findings: decision.findings,
    answer,
    ...(referral !== undefined && { referral }),
  };
}

function changesOf(decision: Decision, arrival: Arrival, message: Message): Changes {
  const received: JournalEntry = {
    at: message.at,
    kind: decision.kind === 'accepted' ? 'message.received' : 'message.refused',
    actor: arrival.partner,
    message: message.id,
    ...(message.referral !== undefined && { referral: message.referral }),
    detail: {
      channel: arrival.channel,
      ask: arrival.ask.kind,
      ...bodyDetail(message),
      ...(decision.kind === 'refused' && { status: decision.status, rules: rulesOf(decision.findings) }),
    },
  };
  const base = decision.kind === 'accepted' ? decision.changes : { journal: [] };
  return { ...base, journal: [received, ...base.journal] };
}

function rulesOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map((finding) => finding.rule))].join(' ');
}

function conflict(): Finding {
  return {
    severity: 'error',
    rule: 'identity/conflict',
    place: {},
    message: 'This message id was used before for other bytes.',
    remedy: 'Send a new message under a new id, or the same bytes again to receive the first answer.',
    issue: 'conflict',
  };
}
