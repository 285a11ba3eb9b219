import { createHash } from 'node:crypto';
import { readSetup, type Setup } from '../../src/cli/read-setup.ts';
import { diskIo } from '../../src/config/disk.ts';
import { controlIdOf } from '../../src/core/hl7v2/control-id.ts';
import type { Store } from '../../src/ports-record.ts';
import type { WholeRecord } from '../../src/store/whole-record.ts';
import { openRecord } from '../../src/wire-record.ts';
import { type Evidence, type Loop, loopOf, type PlatformEvidence } from '../fixtures/crash/evidence.ts';
import type { Referred } from '../fixtures/crash/stubborn-gp.ts';
import type { Arrived } from '../fixtures/crash/tap.ts';
import type { ReferredByHl7 } from './hl7-practice.ts';
import type { World } from './world.ts';
import { IDEMPOTENT } from './world-config.ts';

/** How much there was of everything when a run began: what came before is another run's. */
export interface Mark {
  readonly arrived: Readonly<Record<'casework' | 'springboard' | 'riverside' | 'piecemeal' | 'elm', number>>;
  readonly answered: Readonly<Record<'casework' | 'springboard' | 'piecemeal', number>>;
  readonly referrals: number;
}

/** The record, past the lines that are cut. */
export interface Look {
  readonly setup: Setup;
  readonly store: WholeRecord;
  close(): Promise<void>;
}

export async function lookInto(world: World): Promise<Look> {
  const { setup, findings } = await readSetup(world.configFile, diskIo(process.env));
  if (setup === undefined) throw new Error(`the configuration is wrong: ${JSON.stringify(findings, null, 1)}`);
  const store = await openRecord(setup, { readonly: true });
  return { setup, store, close: () => store.close() };
}

export async function mark(world: World, { store }: Look): Promise<Mark> {
  const { taps, casework, springboard, piecemeal, elm } = world;
  return {
    arrived: {
      casework: taps.casework.arrived.length,
      springboard: taps.springboard.arrived.length,
      riverside: taps.riverside.arrived.length,
      elm: elm.arrived.length,
      piecemeal: takenByBroker(world).length,
    },
    answered: {
      casework: casework.answered().length,
      springboard: springboard.answered().length,
      piecemeal: piecemeal?.said().length ?? 0,
    },
    referrals: await countReferrals(store),
  };
}

export async function countReferrals(store: Store): Promise<number> {
  const counts = Object.entries(await store.counts());
  return counts.filter(([name]) => name.startsWith('referral.')).reduce((sum, [, number]) => sum + number, 0);
}

/** The referrals of a run that were acknowledged. */
export interface Acknowledged {
  readonly overFhir: readonly Referred[];
  readonly overHl7: readonly ReferredByHl7[];
}

/** By what each was acknowledged as (a Task's id, a practice's number): the referral in the record; undefined when there is none. */
export async function referralsOf({ store }: Look, { overFhir, overHl7 }: Acknowledged) {
  const found = new Map<string, string | undefined>();
  for (const { task } of overFhir) found.set(task, (await store.resource('Task', task))?.referral);
  for (const { number } of overHl7) {
    const [named] = await store.namesakes('elm', 'resource', `urn:hearback:referral-number:elm|${number}`);
    found.set(number, named?.referral);
  }
  return found;
}

/** What the record says of the run's referrals, and what the partners really hold. */
export async function gather(world: World, look: Look, acknowledged: Acknowledged, since: Mark): Promise<Evidence> {
  const { store } = look;
  const loops: Loop[] = [];
  for (const id of (await referralsOf(look, acknowledged)).values()) {
    const snapshot = id === undefined ? undefined : await store.snapshot(id);
    if (snapshot !== undefined) loops.push(loopOf(snapshot, await store.messagesOf(snapshot.referral.id)));
  }
  const { taps, practice, elm } = world;
  const { record } = practice;
  const overHttp = (partner: 'casework' | 'springboard'): PlatformEvidence => ({
    partner,
    idempotent: IDEMPOTENT[partner],
    arrived: taps[partner].arrived.slice(since.arrived[partner]),
    cases: [...world[partner].cases()],
    answered: world[partner].answered().slice(since.answered[partner]),
  });
  return {
    referred: acknowledged.overFhir,
    loops,
    platforms: [overHttp('casework'), overHttp('springboard'), ...behindBroker(world, since)],
    gpRecord: {
      writable: true,
      arrived: taps.riverside.arrived.slice(since.arrived.riverside),
      resources: record.resources(),
      names: new Set(record.versions().keys()),
    },
    told: [{ partner: 'elm', arrived: byLegs(elm.arrived.slice(since.arrived.elm), loops) }],
  };
}

/** A message is known by its MSH-10, which is made of its leg's id. */
function byLegs(arrived: readonly Arrived[], loops: readonly Loop[]): Arrived[] {
  const legs = new Map(loops.flatMap((loop) => loop.legs.map(({ id }) => [controlIdOf(id, 'L'), id] as const)));
  return arrived.map((one) => ({ ...one, id: legs.get(one.id) ?? one.id }));
}

function behindBroker(world: World, since: Mark): PlatformEvidence[] {
  if (world.piecemeal === undefined) return [];
  const refused = new Set(world.piecemeal.refusals().map(({ properties }) => String(properties.messageId)));
  const said = world.piecemeal.said().slice(since.answered.piecemeal);
  return [
    {
      partner: 'piecemeal',
      idempotent: IDEMPOTENT.piecemeal,
      arrived: takenByBroker(world).slice(since.arrived.piecemeal),
      cases: [...world.piecemeal.cases()],
      answered: said.map(({ id }) => ({ id, status: refused.has(id) ? 422 : 202 })),
    },
  ];
}

/** What the engines published, in its order. What the broker delivers once more because the platform was cut off is no news. */
function takenByBroker({ piecemeal }: World): Arrived[] {
  const seen = new Set<string>();
  return (piecemeal?.taken() ?? []).flatMap(({ properties, fields, content }) => {
    const id = String(properties.messageId);
    if (fields.redelivered && seen.has(id)) return [];
    seen.add(id);
    return [{ id, digest: createHash('sha256').update(content).digest('hex'), status: 202 }];
  });
}
