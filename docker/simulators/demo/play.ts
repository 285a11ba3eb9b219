import { pause } from '../pause.ts';
import { cancelReferral } from './cancel-referral.ts';
import { count, isSound, type Tally } from './count.ts';
import { gatherEvidence } from './evidence.ts';
import { inSendingOrder, type Person } from './people.ts';
import type { Progress } from './progress.ts';
import { type Sent, sendReferral } from './send-referrals.ts';
import type { World } from './world.ts';

export interface Played {
  readonly sent: readonly Sent[];
  /** What the GPs did afterwards, still going on. */
  readonly afterwards: Promise<readonly string[]>;
}

const BETWEEN_MS = 120;
const DOWN_MS = 3_000;

/** The GP systems refer everybody, one after the other; those who cancel do it in their own time. */
export async function play(
  people: readonly Person[],
  world: World,
  given: { progress: Progress; sent: Sent[] },
): Promise<Played> {
  const { progress, sent } = given;
  const cancelling: Promise<string[]>[] = [];
  for (const person of inSendingOrder(people)) {
    if (world.engine.died()) break;
    if (person.fate.whileDown) takeDown(world, progress);
    const one = await sendReferral(person, world.clients);
    sent.push(one);
    const { cancelledWhen } = person.fate;
    if (cancelledWhen !== undefined && one.task !== undefined)
      cancelling.push(cancelReferral(one.task, cancelledWhen, world.clients[person.practice]));
    await pause(BETWEEN_MS);
  }
  progress.say(`${sent.length} referrals are sent`);
  return { sent, afterwards: Promise.all(cancelling).then((all) => all.flat()) };
}

function takeDown(world: World, progress: Progress): void {
  if (world.casework.temper().down) return;
  world.casework.setTemper({ down: true });
  progress.say('Lantern Casework is down');
  void pause(DOWN_MS).then(() => {
    world.casework.setTemper({ down: false });
    progress.say('Lantern Casework is back');
  });
}

const LOOK_MS = 700;

async function died(world: World): Promise<readonly string[]> {
  await world.engine.ended;
  return ['the engine ended by itself'];
}

/** Counts until all is as it should be and nothing moves any more, or the time is up. */
export async function untilSettled(
  world: World,
  people: readonly Person[],
  played: Played,
  limitMs: number,
): Promise<Tally> {
  const end = Date.now() + limitMs;
  const overdue = pause(limitMs).then(() => ['the GP systems did not get to their cancellations']);
  const surprises = await Promise.race([played.afterwards, overdue, died(world)]);
  for (let sound = 0; ; ) {
    const counted = count(await gatherEvidence(world, people, played.sent));
    const tally = { ...counted, faults: [...surprises, ...counted.faults] };
    const quiet = world.casework.idle() && world.springboard.idle();
    sound = quiet && isSound(tally) ? sound + 1 : 0;
    // Twice, because what had settled may be unsettled by something that was still on its way.
    if (sound === 2 || Date.now() > end || world.engine.died()) return tally;
    await pause(LOOK_MS);
  }
}
