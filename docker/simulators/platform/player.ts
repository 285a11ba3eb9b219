import type { Case } from './dialect.ts';
import type { Step } from './playbook.ts';

/** `Outgoing` is what a step is said in. */
export interface Mouth<Outgoing> {
  /** Reports a step, as it happened at that time. */
  readonly say: (one: Case, step: Step, at: Date) => Outgoing;
  /** The same message once more, under its own id. */
  readonly again: (outgoing: Outgoing) => void;
}

export interface Player {
  /** `chatty`: every second report overtakes the one before, and in the end all are sent again, last first. */
  play(one: Case, steps: readonly Step[], chatty: boolean): void;
  /** Nothing more happens in this case. */
  drop(one: Case): void;
  /** True when nothing is still to happen. */
  idle(): boolean;
  stop(): void;
}

const NERVOUS_MS = 200;

/** Lets happen, in time, what the playbook says. */
export function newPlayer<Outgoing>(mouth: Mouth<Outgoing>): Player {
  const timers = new Map<string, Set<NodeJS.Timeout>>();
  const later = (one: Case, ms: number, act: () => void): void => {
    const mine = timers.get(one.number) ?? new Set();
    timers.set(one.number, mine);
    const timer = setTimeout(() => {
      mine.delete(timer);
      act();
    }, ms);
    mine.add(timer);
  };
  const drop = (one: Case): void => {
    for (const timer of timers.get(one.number) ?? []) clearTimeout(timer);
    timers.delete(one.number);
  };

  /** The next one only after the last: on a busy machine timers that are due together fire in any order. */
  const plainly = (one: Case, [step, ...others]: readonly Step[]): void => {
    if (step === undefined) return;
    later(one, step.afterMs, () => {
      mouth.say(one, step, new Date());
      plainly(one, others);
    });
  };
  /** Whatever the order of the reports, each says when it happened. */
  const chattily = (one: Case, steps: readonly Step[]): void => {
    const said: Outgoing[] = [];
    let waiting: (() => void) | undefined;
    let at = 0;
    for (const [place, step] of steps.entries()) {
      at += step.afterMs;
      later(one, at, () => {
        const happened = new Date();
        const say = () => said.push(mouth.say(one, step, happened));
        if (waiting === undefined && place + 1 < steps.length) {
          waiting = say;
          return;
        }
        say();
        waiting?.();
        waiting = undefined;
      });
    }
    later(one, at + NERVOUS_MS, () => {
      for (const outgoing of [...said].reverse()) mouth.again(outgoing);
    });
  };

  return {
    play: (one, steps, chatty) => (chatty ? chattily(one, steps) : plainly(one, steps)),
    drop,
    idle: () => [...timers.values()].every((mine) => mine.size === 0),
    stop: () => {
      for (const mine of timers.values()) for (const timer of mine) clearTimeout(timer);
      timers.clear();
    },
  };
}
