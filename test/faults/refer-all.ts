import { setTimeout as sleep } from 'node:timers/promises';
import type { Referred } from '../fixtures/crash/stubborn-gp.ts';
import type { ReferredByHl7 } from './hl7-practice.ts';
import type { Acknowledged } from './look.ts';
import type { Person, RunPlan } from './plan.ts';
import type { World } from './world.ts';

/** What the practices said, and how they were answered. */
export interface Told extends Acknowledged {
  /** Cancellations that were acknowledged. */
  readonly cancelled: number;
  /** What was not answered while the patience lasted. */
  readonly unanswered: readonly string[];
  /** Messages that were said once more and were answered otherwise than the first time. */
  readonly answeredOtherwise: readonly string[];
}

const CLERKS = 4;
const LOOK_MS = 100;

/** Several clerks at once, each one referral after the other. Everybody says what is to be said, as long as the patience lasts. */
export async function referAll({ people, pausesMs }: RunPlan, world: World, patience: AbortSignal): Promise<Told> {
  const waiting = [...people.entries()];
  const overFhir: Referred[] = [];
  const overHl7: ReferredByHl7[] = [];
  const unanswered: string[] = [];
  const answeredOtherwise: string[] = [];
  let cancelled = 0;
  const cancelling: Promise<void>[] = [];
  const inTime = <T>(what: string, asked: Promise<T>): Promise<T | undefined> =>
    Promise.race([asked, over(patience)]).catch((fault: unknown) => {
      unanswered.push(`${what}: ${fault instanceof Error ? fault.message : String(fault)}`);
      return undefined;
    });
  const refer = async (person: Person): Promise<void> => {
    const what = `the referral ${person.number}`;
    const line = await inTime(what, spoken(person, world));
    if (line === undefined) return;
    if (line.by === 'elm') overHl7.push(line.referred);
    else overFhir.push(line.referred);
    if (person.cancelled) {
      const cancel = inTime(`the cancellation of ${person.number}`, line.cancel(patience));
      cancelling.push(
        cancel.then((isTaken) => {
          if (isTaken) cancelled += 1;
        }),
      );
    }
    if (person.saidAgain && (await inTime(`${what}, said again`, line.isAnsweredAlike())) === false) {
      answeredOtherwise.push(`${what} was said once more and was answered otherwise than before`);
    }
  };
  const clerk = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [nth, person] = next;
      await sleep(pausesMs[nth] ?? 0);
      await refer(person);
    }
  };
  await Promise.all(Array.from({ length: CLERKS }, clerk));
  await Promise.all(cancelling);
  return { overFhir, overHl7, cancelled, unanswered, answeredOtherwise };
}

interface Spoken {
  /** Cancels it once that can be done; true when the cancellation was taken. */
  cancel(patience: AbortSignal): Promise<true>;
  /** Says it once more, the same bytes under the same id: it must be answered as the first time. */
  isAnsweredAlike(): Promise<boolean>;
}

type Line = Spoken &
  (
    | { readonly by: 'riverside'; readonly referred: Referred }
    | { readonly by: 'elm'; readonly referred: ReferredByHl7 }
  );

function spoken(person: Person, world: World): Promise<Line> {
  return person.by === 'elm' ? byHl7(person, world) : byFhir(person, world);
}

async function byFhir({ nhsNumber, bundle }: Person, { gp }: World): Promise<Line> {
  const referred = await gp.refer(nhsNumber, bundle);
  return {
    by: 'riverside',
    referred,
    async cancel(patience) {
      while (!patience.aborted && (await gp.read(referred.task)).status !== 'in-progress') await sleep(LOOK_MS);
      await gp.cancel(referred.task);
      return true;
    },
    async isAnsweredAlike() {
      const { status, text } = await gp.again(referred);
      return status === referred.answer.status && text === referred.answer.text;
    },
  };
}

async function byHl7(person: Person, { elm }: World): Promise<Line> {
  const referred = await elm.refer(person);
  return {
    by: 'elm',
    referred,
    async cancel(patience) {
      while (!patience.aborted && !elm.answersTo(person.number).includes('accepted')) await sleep(LOOK_MS);
      await elm.cancel(person);
      return true;
    },
    isAnsweredAlike: async () => (await elm.again(referred)) === referred.answer,
  };
}

function over(patience: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error('the patience was over'));
    if (patience.aborted) end();
    else patience.addEventListener('abort', end, { once: true });
  });
}
