import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../../src/core/loop/event.ts';
import type { Leg, Message } from '../../../src/core/message.ts';
import { LOOP_STATE_SYSTEM } from '../../../src/core/referral.ts';
import { judge, type Verdict } from '../../faults/judge.ts';
import type { Fated } from '../../fixtures/crash/crowd.ts';
import type { Evidence, Loop } from '../../fixtures/crash/evidence.ts';
import type { Arrived } from '../../fixtures/crash/tap.ts';

const KINDS = ['requested', 'accepted', 'completed'] as const;
const PERSON = { nhsNumber: '9992000016', events: KINDS } as unknown as Fated;

/** The legs that tell the practice what happened, in the order in which they were queued. */
const LEGS = ['accepted', 'completed'].map((kind) => ({
  ...{ id: `leg-${kind}`, partner: 'elm', purpose: 'write-back', status: 'acknowledged', tells: [`event-${kind}`] },
})) as unknown as readonly Leg[];
const CAME: readonly Arrived[] = LEGS.map(({ id }) => ({ id, digest: `of ${id}`, status: 200 }));

interface Twist {
  readonly legs?: readonly Leg[];
  readonly came?: readonly Arrived[];
  readonly received?: readonly string[];
  readonly status?: 'open' | 'closed';
  readonly case?: Partial<Parameters<typeof judge>[0]>;
}

/** What is found wrong with one referral that a practice made over HL7 v2, where something went otherwise than it should. */
function verdictOn({
  legs = LEGS,
  came = CAME,
  received = ['digest'],
  status = 'closed',
  case: given,
}: Twist): Verdict {
  const events = KINDS.map((kind) => ({ id: `event-${kind}`, kind })) as unknown as readonly LoopEvent[];
  const loop = {
    ...{ nhsNumber: PERSON.nhsNumber, events, legs, forGp: events.slice(1) },
    referral: { id: 'r', referrer: 'elm', parentTask: 't', status },
    messages: received.map((digest, index) => ({
      ...{ id: `m${index}`, direction: 'in', partner: 'elm', identity: `SP-1/${index}`, digest },
    })) as unknown as readonly Message[],
    state: { parent: { kind: 'completed' } },
    dossier: {
      entry: [
        {
          resource: {
            ...{ resourceType: 'Task', id: 't' },
            businessStatus: { coding: [{ system: LOOP_STATE_SYSTEM, code: 'completed' }] },
          },
        },
      ],
    },
  } as unknown as Loop;
  const evidence: Evidence = {
    ...{ referred: [], loops: [loop], platforms: [] },
    gpRecord: { writable: true, arrived: [], resources: [], names: new Set() },
    told: [{ partner: 'elm', arrived: came }],
  };
  const usual = { newReferrals: 1, acknowledged: 1, unknown: [], answeredOtherwise: [], stuck: [], logFaults: [] };
  return judge({ evidence, people: [PERSON], ...usual, ...given });
}

const counted = ({ lost, doubled, outOfOrder, stuck }: Verdict) =>
  [lost, doubled, outOfOrder, stuck].map((one) => one.length);

describe('the verdict on what a practice that speaks HL7 v2 referred and was told', () => {
  it('is that nothing is wrong, when nothing is', () => {
    expect(counted(verdictOn({}))).toEqual([0, 0, 0, 0]);
  });

  it.each<[string, Twist, readonly number[]]>([
    ['an acknowledged referral is not in the record', { case: { unknown: ['SP-2'] } }, [1, 0, 0, 0]],
    ['it is not in the record, and something is stuck', { case: { unknown: ['SP-2'], stuck: ['x'] } }, [1, 0, 0, 1]],
    ['the practice was never told the end', { came: CAME.slice(0, 1) }, [1, 0, 0, 0]],
    ['a message is in the record twice', { received: ['digest', 'digest'] }, [0, 1, 0, 0]],
    ['a repeat was answered otherwise', { case: { answeredOtherwise: ['SP-1'] } }, [0, 1, 0, 0]],
    ['nobody was told of a referral that the record has', { case: { newReferrals: 2 } }, [0, 1, 0, 0]],
    [
      'a repeat had other bytes',
      { came: [...CAME, { id: 'leg-completed', digest: 'other', status: 200 }] },
      [0, 1, 0, 0],
    ],
    [
      'one event was told in two messages',
      {
        legs: [...LEGS, { ...LEGS[1], id: 'leg-again' } as Leg],
        came: [...CAME, { id: 'leg-again', digest: 'of leg-again', status: 200 }],
      },
      [0, 1, 0, 0],
    ],
    ['the end came before the acceptance', { came: [...CAME].reverse() }, [0, 0, 1, 0]],
    ['a loop is open', { status: 'open', case: { stuck: ['the loop r is open'] } }, [0, 0, 0, 1]],
  ])('says so when %s', (_, twist, counts) => {
    expect(counted(verdictOn(twist))).toEqual(counts);
  });
});
