import type { Observation, QuestionnaireResponse } from 'fhir/r4.js';
import type { LoopEvent } from '../../../src/core/loop/event.ts';
import { eventsForGp } from '../../../src/core/loop/promises/referrer-needs.ts';
import type { LoopDescription } from '../../../src/core/loop/shown/describe-loop.ts';
import { foldLoop } from '../../../src/core/loop/tasks/fold.ts';
import type { Leg, Message } from '../../../src/core/message.ts';
import { type Dossier, ofType, type Referral } from '../../../src/core/referral.ts';
import { describeLoopNow } from '../../../src/flow/desk/loop-now.ts';
import { childTasks } from '../../../src/flow/snapshot.ts';
import type { Store } from '../../../src/ports-record.ts';
import { NUMBER_SYSTEM } from './referral-bundle.ts';

/** One loop as the record has it. */
export interface Loop {
  readonly referral: Referral;
  readonly described: LoopDescription;
  /** The practice's own number of the referral, and whom it is about. */
  readonly number: string | undefined;
  readonly nhsNumber: string | undefined;
  readonly events: readonly LoopEvent[];
  /** Those that the GP must hear of: what counts and the GP did not say itself. */
  readonly forGp: readonly LoopEvent[];
  readonly results: readonly (Observation | QuestionnaireResponse)[];
  readonly legs: readonly Leg[];
  readonly messages: readonly Message[];
  /** Version of the coordinating Task. */
  readonly taskVersion: number;
}

const LIMIT = 1_000;

/** Reads every loop out of the engine's record. */
export async function readLoops(store: Store): Promise<Loop[]> {
  const referrals = await store.loops({ limit: LIMIT });
  const loops: Loop[] = [];
  for (const { id } of referrals) {
    const loop = await readLoop(id, store);
    if (loop !== undefined) loops.push(loop);
  }
  return loops;
}

async function readLoop(id: string, store: Store): Promise<Loop | undefined> {
  const [snapshot, described, messages] = await Promise.all([
    store.snapshot(id),
    describeLoopNow(id, store, { now: new Date().toISOString() }),
    store.messagesOf(id),
  ]);
  if (snapshot === undefined || described === undefined) return undefined;
  const { referral, dossier, events, legs, references } = snapshot;
  const state = foldLoop({ parent: referral.parentTask, children: childTasks(references) }, events);
  const ignored = new Set(state.ignored.map((one) => one.event));
  const parent = ofType(dossier, 'Task').find((task) => task.id === referral.parentTask);
  return {
    referral,
    described,
    ...namesOf(dossier),
    events,
    forGp: eventsForGp({ events, referral }).filter((event) => !ignored.has(event.id)),
    results: [...ofType(dossier, 'Observation'), ...ofType(dossier, 'QuestionnaireResponse')],
    legs,
    messages,
    taskVersion: Number(parent?.meta?.versionId),
  };
}

function namesOf(dossier: Dossier): Pick<Loop, 'number' | 'nhsNumber'> {
  const [request] = ofType(dossier, 'ServiceRequest');
  const [patient] = ofType(dossier, 'Patient');
  return {
    number: request?.identifier?.find(({ system }) => system === NUMBER_SYSTEM)?.value,
    nhsNumber: patient?.identifier?.[0]?.value,
  };
}
