import type { LoopEvent } from '../../core/loop/event.ts';
import { type GpItem, isUrgent, itemsDue } from '../../core/loop/gp-items.ts';
import { isRestricted } from '../../core/loop/patient-view.ts';
import { eventsForGp, tellsEvent } from '../../core/loop/promises/referrer-needs.ts';
import { resultsOf } from '../../core/loop/report/attach-results.ts';
import { foldLoop } from '../../core/loop/tasks/fold.ts';
import type { LoopState } from '../../core/loop/tasks/task-state.ts';
import { isWriteBack } from '../../core/loop/told-by.ts';
import { agreedToCodesOnly } from '../../core/loop/write-back/codes-only.ts';
import { buildWriteBack } from '../../core/loop/write-back/write-back.ts';
import { USUAL_RULES, type WriteBackRules } from '../../core/loop/write-back-rules.ts';
import type { Leg, Message, NewWork } from '../../core/message.ts';
import { deterioratedIn } from '../../core/outcomes/mark-deteriorated.ts';
import type { RoadPartner, RoadParts } from '../road-parts.ts';
import { childTasks, type Snapshot } from '../snapshot.ts';
import { makeLegs } from '../translation/translate-leg.ts';
import { documentBundle } from './document-bundle.ts';

export interface Told {
  readonly legs: readonly Leg[];
  readonly messages: readonly Message[];
  /** The look at what waits for a summary. */
  readonly work: readonly NewWork[];
}

interface What {
  readonly state: LoopState;
  /** The events of this step. */
  readonly news: readonly LoopEvent[];
}

type Given = Pick<RoadParts, 'partners' | 'ids' | 'makePdf'> & { readonly now: string };

const NOTHING: Told = { legs: [], messages: [], work: [] };

/**
 * The write-backs that are due. A GP system without an outlet gets none: it reads the same from the dossier,
 * and the ledger waits for that read. An event that did not count (a repeat, a late lesser word) is not told.
 */
export function tellGp(after: Snapshot, what: What, given: Given): Told {
  const partner = given.partners.get(after.referral.referrer);
  if (partner?.outward === undefined) return NOTHING;
  const rules = partner.outward.writeBack ?? USUAL_RULES;
  const { untold, due } = dueNow(after, what, { rules, now: given.now });
  const made = due.items.flatMap((item) => itemLegs(item, after, what.state, { partner, rules, given }));
  const isNew = what.news.some(({ id }) => id === untold.find((event) => !isUrgent(event))?.id);
  const look: NewWork[] =
    due.nextAt === undefined || !isNew
      ? []
      : [{ kind: 'digest', lane: `digest/${after.referral.id}`, subject: after.referral.id, notBefore: due.nextAt }];
  return { legs: made.map((one) => one.leg), messages: made.map((one) => one.message), work: look };
}

/** When what waits is to be told; undefined when nothing waits for a time. */
export function nextDigestAt(snapshot: Snapshot, given: Given): string | undefined {
  const rules = given.partners.get(snapshot.referral.referrer)?.outward?.writeBack ?? USUAL_RULES;
  const tasks = { parent: snapshot.referral.parentTask, children: childTasks(snapshot.references) };
  const state = foldLoop(tasks, snapshot.events);
  return dueNow(snapshot, { state, news: [] }, { rules, now: given.now }).due.nextAt;
}

function dueNow(after: Snapshot, { state, news }: What, { rules, now }: { rules: WriteBackRules; now: string }) {
  const { events, referral, legs, dossier } = after;
  const ignored = new Set(state.ignored.map((one) => one.event));
  const isNews = new Set(news.map(({ id }) => id));
  const counting = eventsForGp({ events, referral }).filter((event) => !ignored.has(event.id));
  const untold =
    rules.items === 'every'
      ? counting.filter(({ id }) => isNews.has(id))
      : counting.filter((event) => !legs.some((leg) => tellsEvent(leg, event, referral.referrer)));
  const summaries = legs.filter((leg) => isWriteBack(leg) && leg.partner === referral.referrer && !leg.urgent).length;
  const worse = new Set(
    untold.filter((event) => deterioratedIn(resultsOf(event, dossier)).length > 0).map(({ id }) => id),
  );
  return { untold, due: itemsDue({ untold, worse, ended: state.parent.terminal, summaries, rules, now }) };
}

interface How {
  readonly partner: RoadPartner;
  readonly rules: WriteBackRules;
  readonly given: Given;
}

function itemLegs(item: GpItem, after: Snapshot, state: LoopState, { partner, rules, given }: How) {
  const last = item.events.at(-1) ?? item.events[0];
  const { referral, dossier, events, legs } = after;
  const codesOnly = rules.content === 'codes-only' || agreedToCodesOnly(dossier);
  const isOpen = (leg: Leg) => isWriteBack(leg) && leg.partner === partner.id && UNSETTLED.has(leg.status);
  const about = { dossier, referral, event: last, digest: item.events };
  const built = rules.structured
    ? buildWriteBack({
        ...about,
        ...(events.some(isRestricted) && { restrictsTask: true }),
        // It goes its own way, and what is older may arrive after it.
        withTask: item.kind !== 'urgent' || !legs.some(isOpen),
        ...episodeOf(after, state, { partner, rules }),
        codesOnly,
      })
    : documentBundle({ ...about, codesOnly }, partner, given);
  // Without an identifier of the patient nothing can be filed; the promise to tell the GP stays open and says so.
  if (built.bundle === undefined) return [];
  const order = {
    referral: referral.id,
    task: referral.parentTask,
    partner,
    purpose: rules.structured ? ('write-back' as const) : ('document' as const),
    now: given.now,
    ...(last.message !== undefined && { cause: last.message }),
    tells: item.events.map(({ id }) => id),
    ...(item.kind === 'urgent' && { urgent: true as const }),
  };
  const written = [{ contentType: 'application/fhir+json', text: JSON.stringify(built.bundle) }];
  const made = makeLegs(order, { written }, given);
  return made.kind === 'legs' ? made.legs : [];
}

/** They may still arrive, or be sent again. */
const UNSETTLED: ReadonlySet<Leg['status']> = new Set(['queued', 'sending', 'ambiguous', 'refused']);

/** The national referral code goes along with the first item after the first yes, where it is ours to write. */
function episodeOf({ legs, referral }: Snapshot, { children }: LoopState, { partner, rules }: Omit<How, 'given'>) {
  const [accepted] = children.flatMap((child) => child.accepted ?? []).sort((a, b) => (a.at < b.at ? -1 : 1));
  if (rules.referralCode !== 'hearback' || accepted === undefined) return {};
  const isSent = legs.some(
    (leg) => isWriteBack(leg) && leg.partner === partner.id && leg.queuedAt > accepted.recordedAt,
  );
  return isSent ? {} : { episode: { referral: referral.id, at: accepted.at } };
}
