import type { LoopEvent } from '../../core/loop/event.ts';
import { isWordHeld } from '../../core/loop/promises/word-hold.ts';
import { foldLoop } from '../../core/loop/tasks/fold.ts';
import { stageOf } from '../../core/outcomes/funnel.ts';
import type { InstrumentSet } from '../../core/outcomes/instrument-set.ts';
import type { ReferralFacts } from '../../core/outcomes/outcome-measures.ts';
import { measuredReferral, type ReferralOutcomes } from '../../core/outcomes/people-outcomes.ts';
import { type Dossier, ofType, SNOMED_SYSTEM } from '../../core/referral.ts';
import type { Snapshot } from '../../ports-changes.ts';
import type { LoopQuery } from '../../ports-queries.ts';
import type { Store } from '../../ports-record.ts';
import { childTasks } from '../snapshot.ts';
import { codeKey } from '../translation/shown-code.ts';

const PAGE = 200;

/** Every referral in the record as far as outcomes go. */
export async function referralOutcomes(store: Store, partner?: string): Promise<ReferralOutcomes[]> {
  const all: ReferralOutcomes[] = [];
  for await (const { id } of everyLoop(store, partner === undefined ? {} : { partner })) {
    const snapshot = await store.snapshot(id);
    if (snapshot !== undefined) all.push(outcomesOf(snapshot));
  }
  return all;
}

interface FactsWanted {
  /** UTC instants; `until` is not in it any more. */
  readonly since: string;
  readonly until: string;
  readonly instruments: InstrumentSet;
  readonly onProgress: (referrals: number) => void;
}

/** What the figures of a period are made from. Reads one referral at a time and lets others go first in between. */
export async function readOutcomeFacts(store: Store, wanted: FactsWanted): Promise<ReferralFacts[]> {
  const facts: ReferralFacts[] = [];
  const { since, until, instruments, onProgress } = wanted;
  for await (const { id } of everyLoop(store, { openedFrom: since, openedBefore: until })) {
    const snapshot = await store.snapshot(id);
    if (snapshot !== undefined) facts.push(factsOf(snapshot, instruments));
    onProgress(facts.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return facts;
}

type Wanted = Pick<LoopQuery, 'partner' | 'openedFrom' | 'openedBefore'>;

async function* everyLoop(store: Store, wanted: Wanted) {
  for (let after: string | undefined; ; ) {
    const page = await store.loops({ ...wanted, limit: PAGE, ...(after !== undefined && { after }) });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < PAGE || after === undefined) return;
  }
}

function outcomesOf(snapshot: Snapshot): ReferralOutcomes {
  const { referral, events, references, holds, dossier } = snapshot;
  const { parent } = foldLoop({ parent: referral.parentTask, children: childTasks(references) }, events);
  const held = holds.some((hold) => hold.resolvedAt === undefined && isWordHeld(hold));
  const { id, openedAt } = referral;
  return { referral: id, openedAt, open: !parent.terminal, state: parent.kind, held, dossier };
}

function factsOf(snapshot: Snapshot, instruments: InstrumentSet): ReferralFacts {
  const { referral, events, dossier } = snapshot;
  const one = measuredReferral(outcomesOf(snapshot), instruments);
  const { referrer, platforms, status } = referral;
  const said = saidIn(events);
  return {
    ...one,
    ...{ referrer, platforms },
    stage: stageOf({ platforms, status, state: one.state, said }),
    outcome: said.has('outcome-recorded'),
    reasons: reasonsIn(dossier),
  };
}

function saidIn(events: readonly LoopEvent[]): Set<LoopEvent['kind']> {
  return new Set(events.map(({ kind }) => kind));
}

/** `system|code` of each coded reason, in SNOMED CT where it has such a code; no more of a code than may be shown. */
function reasonsIn(dossier: Dossier): string[] {
  const concepts = ofType(dossier, 'ServiceRequest').flatMap(({ reasonCode = [] }) => reasonCode);
  const keys = concepts.flatMap(({ coding = [] }) => {
    const chosen = coding.find(({ system }) => system === SNOMED_SYSTEM) ?? coding[0];
    if (chosen?.code === undefined) return [];
    const { system = '', code } = chosen;
    return [`${system}|${codeKey(system, code)}`];
  });
  return [...new Set(keys)];
}
