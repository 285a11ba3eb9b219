import type { Task } from 'fhir/r4.js';
import { readTaskUpdate, type TaskUpdate } from '../../core/fhir/read-task-update.ts';
import { checkStructure } from '../../core/fhir/structure.ts';
import { type Finding, hasErrors, type IssueType } from '../../core/finding.ts';
import type { EventKind, LoopEvent } from '../../core/loop/event.ts';
import { isResourceType, type StoredResource } from '../../core/referral.ts';
import type { Arrival, Ask } from '../../ports.ts';
import { advance } from '../advance.ts';
import type { RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { cancelWord } from './cancel-word.ts';
import type { Decision, Moment } from './decision.ts';

type UpdateAsk = Extract<Ask, { kind: 'fhir-update' }>;

/** A GP's `PUT Task/{id}`: a cancellation, "entered in error", or a note. Another partner's Task is as unknown as no Task. */
export async function decideTaskUpdate(
  arrival: Arrival,
  ask: UpdateAsk,
  moment: Moment,
  parts: RoadParts,
): Promise<Decision> {
  const sent = arrival.content;
  const structure = checkStructure(sent, parts.r4);
  if (hasErrors(structure) || !isResourceType(sent, 'Task')) {
    return { kind: 'refused', status: 400, findings: [...arrival.findings, ...structure, ...wrongType(sent)] };
  }
  const stored = await parts.store.resource('Task', ask.id);
  const snapshot = stored && (await parts.store.snapshot(stored.referral));
  if (!stored || !snapshot || snapshot.referral.referrer !== arrival.partner) {
    return { kind: 'refused', status: 404, findings: [unknownTask()] };
  }
  if (ask.ifMatch !== undefined && ask.ifMatch !== String(stored.version)) {
    return { kind: 'refused', status: 412, findings: [outdated()] };
  }
  if (ask.id !== snapshot.referral.parentTask || !isResourceType(stored.resource, 'Task')) {
    return { kind: 'refused', status: 422, findings: [platformsTask()] };
  }
  const update = readTaskUpdate(stored.resource, sent);
  const findings = [...arrival.findings, ...structure, ...update.findings];
  if (hasErrors(findings)) return { kind: 'refused', status: 422, findings };
  return accept({ arrival, moment, snapshot, current: stored, stored: stored.resource, update, findings }, parts);
}

interface Understood {
  readonly arrival: Arrival;
  readonly moment: Moment;
  readonly snapshot: Snapshot;
  readonly current: StoredResource;
  readonly stored: Task;
  readonly update: TaskUpdate;
  readonly findings: readonly Finding[];
}

function accept(understood: Understood, parts: RoadParts): Decision {
  const { snapshot, stored, update, moment } = understood;
  const referral = snapshot.referral.id;
  const event = eventOf(understood, parts);
  const changed: Task = {
    ...stored,
    ...update.changes,
    ...(update.notes.length > 0 && { note: [...(stored.note ?? []), ...update.notes] }),
  };
  const said = update.ask !== 'none';
  const changes = advance(
    snapshot,
    {
      events: event === undefined ? [] : [event],
      resources: said ? [changed] : [],
      work: said ? [{ kind: 'onward', lane: `in/${referral}/${moment.message}`, subject: moment.message }] : [],
      journal: [
        {
          at: moment.now,
          kind: event === undefined ? 'task.noted' : 'event.recorded',
          actor: understood.arrival.partner,
          referral,
          message: moment.message,
          detail: {
            task: snapshot.referral.parentTask,
            ...(event !== undefined && { event: event.id, kind: event.kind }),
          },
        },
      ],
    },
    { ...parts, now: moment.now },
  );
  const shown = changes.resources?.filter((one) => one.id === snapshot.referral.parentTask) ?? [];
  return {
    kind: 'accepted',
    referral,
    resources: shown.length > 0 ? shown : [understood.current],
    findings: understood.findings,
    changes,
  };
}

function eventOf({ arrival, moment, snapshot, stored, update }: Understood, parts: RoadParts): LoopEvent | undefined {
  const kinds: Readonly<Record<TaskUpdate['ask'], EventKind | undefined>> = {
    cancel: cancelWord(stored.status),
    'entered-in-error': 'entered-in-error',
    note: undefined,
    none: undefined,
  };
  const kind = kinds[update.ask];
  if (kind === undefined) return undefined;
  return {
    id: parts.ids.next(),
    referral: snapshot.referral.id,
    kind,
    task: snapshot.referral.parentTask,
    at: moment.now,
    recordedAt: moment.now,
    by: arrival.partner,
    message: moment.message,
    ...(update.reason !== undefined && { reason: update.reason }),
  };
}

function wrongType(sent: unknown): Finding[] {
  if (isResourceType(sent, 'Task')) return [];
  return [
    refusal(
      'task/type',
      'resourceType',
      'The body is not a Task.',
      'Send the Task as it was read, with your change in it.',
      'structure',
    ),
  ];
}

function unknownTask(): Finding {
  return refusal(
    'task/unknown',
    'Task.id',
    'There is no such Task.',
    'Use the id in the answer to the referral, or search for the Task.',
    'not-found',
  );
}

function outdated(): Finding {
  return refusal(
    'task/version',
    'Task.meta.versionId',
    'The Task has changed since this version.',
    'Read it again, look at what changed, and send the change with its new version in If-Match.',
    'conflict',
  );
}

function platformsTask(): Finding {
  return refusal(
    'task/not-coordinating',
    'Task.id',
    "This is a platform's part of the referral.",
    'Change the Task it is part of (Task.partOf).',
    'business-rule',
  );
}

type Words = readonly [rule: string, expression: string, message: string, remedy: string, issue: IssueType];

function refusal(...[rule, expression, message, remedy, issue]: Words): Finding {
  return { severity: 'error', rule, place: { expression }, message, remedy, issue };
}
