import type { FhirResource } from 'fhir/r4.js';
import type { LoopEvent } from '../../core/loop/event.ts';
import { foldLoop } from '../../core/loop/tasks/fold.ts';
import { newChildTask } from '../../core/loop/tasks/new-child-task.ts';
import type { LoopState, TaskState } from '../../core/loop/tasks/task-state.ts';
import type { Hold } from '../../core/message.ts';
import { chooseRoutes, type RouteChoice } from '../../core/routing/choose-routes.ts';
import { referralFacts } from '../../core/routing/referral-facts.ts';
import type { Reference, WorkOutcome } from '../../ports-changes.ts';
import { type News, settleWork } from '../advance.ts';
import { dossierWith } from '../dossier-change.ts';
import { HEARBACK, type RoadPartner, type RoadParts } from '../road-parts.ts';
import { childTasks, type Snapshot } from '../snapshot.ts';
import { type LegMade, translateLeg } from '../translation/translate-leg.ts';
import { platformView } from './platform-view.ts';
import { withCodesSettled } from './settle-codes.ts';
import { stillToSend } from './still-to-send.ts';

export interface PassOnGiven extends RoadParts {
  readonly now: string;
  /** The message that set this off. */
  readonly cause: string;
  /** The only platform that what changed is news to; every one when left out. */
  readonly only?: string;
}

export interface PassedOn {
  readonly news: News;
  readonly outcome: WorkOutcome;
}

/**
 * What the platforms must hear of a referral and have not been sent yet: the referral itself, a change, a cancellation.
 * Read off the referral's state, so a step that is done again finds nothing left to do.
 */
export function passOn(snapshot: Snapshot, given: PassOnGiven): PassedOn {
  const children = childTasks(snapshot.references);
  const state = foldLoop({ parent: snapshot.referral.parentTask, children }, snapshot.events);
  if (state.parent.terminal && state.parent.kind !== 'unmet-need' && children.length === 0) return nothing();
  if (children.length === 0) return withCodesSettled(snapshot, given, (settled) => route(settled, given));
  return send(snapshot, { resources: [], references: [] }, state, given);
}

function nothing(): PassedOn {
  return { news: { journal: [] }, outcome: { kind: 'done' } };
}

/* ------------------------------------------------------------------ choosing */

function route(snapshot: Snapshot, given: PassOnGiven): PassedOn {
  const referrer = given.partners.get(snapshot.referral.referrer);
  const facts = referralFacts(snapshot.dossier, given.now, referrer?.organisation.ods);
  const choice = chooseRoutes(given.routes, facts, given.terminology);
  const platforms = choice.platforms.flatMap((id) => given.partners.get(id) ?? []);
  if (platforms.length === 0) return unmet(snapshot, choice, given);
  const chosen = platforms.map((partner) => {
    const task = newChildTask({ ...snapshot, partner, id: given.ids.next(), now: given.now });
    return { partner, task };
  });
  const references = chosen.map(({ partner, task }): Reference => {
    const referral = snapshot.referral.id;
    return { partner: partner.id, kind: 'referral', value: referral, referral, task: task.id ?? '' };
  });
  const tasks = { parent: snapshot.referral.parentTask, children: childTasks(references) };
  const fresh = { resources: chosen.map(({ task }) => task), references };
  const passed = send(snapshot, fresh, foldLoop(tasks, snapshot.events), given);
  return { ...passed, news: { ...passed.news, journal: [routed(snapshot, choice, given), ...passed.news.journal] } };
}

function routed(snapshot: Snapshot, choice: RouteChoice, given: PassOnGiven) {
  return {
    at: given.now,
    kind: choice.platforms.length > 0 ? 'referral.routed' : 'referral.unmet-need',
    actor: HEARBACK,
    referral: snapshot.referral.id,
    message: given.cause,
    detail: { routes: choice.reasons.map(({ route, is }) => `${route}:${is}`).join(' ') },
  };
}

/** Nothing fits: that is itself an outcome worth counting (unmet need), and a question to a person. Never a silent end. */
function unmet(snapshot: Snapshot, choice: RouteChoice, given: PassOnGiven): PassedOn {
  const { id: referral, parentTask } = snapshot.referral;
  const event: LoopEvent = {
    id: given.ids.next(),
    referral,
    kind: 'unmet-need',
    task: parentTask,
    at: given.now,
    recordedAt: given.now,
    by: HEARBACK,
    message: given.cause,
    reason: { text: 'No service in the routing table fits this referral.' },
  };
  const hold: Hold = {
    id: given.ids.next(),
    kind: 'no-route',
    key: `route|${referral}`,
    referral,
    openedAt: given.now,
    findings: choice.reasons.map(({ route, why }) => ({
      severity: 'error',
      rule: 'route/no-match',
      place: {},
      message: `Route "${route}" was passed over: ${why}.`,
      remedy: 'Change the routes and retry the hold, or abandon it: the GP has been told that the need is not met.',
      issue: 'business-rule',
    })),
  };
  const known = snapshot.events.some((one) => one.kind === 'unmet-need');
  return {
    news: { events: known ? [] : [event], holds: [hold], journal: [routed(snapshot, choice, given)] },
    outcome: { kind: 'held', hold: hold.id },
  };
}

/* ------------------------------------------------------------------ sending */

interface NewParts {
  readonly resources: readonly FhirResource[];
  readonly references: readonly Reference[];
}

function send(snapshot: Snapshot, fresh: NewParts, state: LoopState, given: PassOnGiven): PassedOn {
  const dossier = dossierWith(snapshot.dossier, fresh.resources);
  const made: LegMade[] = [];
  for (const child of state.children) {
    const partner = given.partners.get(child.partner ?? '');
    if (partner === undefined) continue;
    const order = {
      referral: snapshot.referral.id,
      task: child.task,
      partner,
      dossier: platformView(dossier, child.task, snapshot),
      now: given.now,
      cause: given.cause,
    };
    const purpose = stillToSend(child, snapshot.legs);
    if (purpose !== undefined) made.push(orHold(translateLeg({ ...order, purpose }, given), order, given));
    else if (isNewsTo(child, snapshot, given)) made.push(translateLeg({ ...order, purpose: 'update' }, given));
  }
  const legs = made.flatMap((one) => (one.kind === 'legs' ? one.legs : []));
  const holds = made.flatMap((one) => (one.kind === 'holds' ? one.holds : []));
  const [first] = holds;
  return {
    outcome: first === undefined ? { kind: 'done' } : { kind: 'held', hold: first.id },
    news: {
      resources: fresh.resources,
      references: fresh.references,
      legs: legs.map((one) => one.leg),
      messages: legs.map((one) => one.message),
      work: legs.map(({ leg }) => settleWork(leg)),
      holds,
      journal: [],
    },
  };
}

/**
 * Whether this message changed what the platform was sent: a note, a priority. A GP's message that made no event is one.
 * A platform without a mapping for changes is not told of any, by configuration.
 */
function isNewsTo(child: TaskState, { events, legs }: Snapshot, { cause, only = child.partner }: PassOnGiven): boolean {
  const isChange = !events.some((event) => event.message === cause);
  const isTold = legs.some((leg) => leg.task === child.task && leg.cause === cause);
  return (
    isChange && !isTold && only === child.partner && !child.terminal && legs.some((leg) => leg.task === child.task)
  );
}

/** A platform that has no word for it must be told by a person, not left untold. */
function orHold(
  made: LegMade,
  order: { partner: RoadPartner; referral: string; task: string },
  given: PassOnGiven,
): LegMade {
  if (made.kind !== 'not-told') return made;
  const hold: Hold = {
    id: given.ids.next(),
    kind: 'failed-check',
    key: `untold|${order.task}`,
    partner: order.partner.id,
    referral: order.referral,
    openedAt: given.now,
    findings: [
      {
        severity: 'error',
        rule: 'delivery/no-mapping',
        place: {},
        message: `"${order.partner.id}" has no mapping for what it must be told now.`,
        remedy: 'Tell the platform another way and abandon the hold with a reason, or configure the mapping and retry.',
        issue: 'not-supported',
      },
    ],
  };
  return { kind: 'holds', holds: [hold] };
}
