import { type Standing, summarise } from './summarise.ts';

/** One way of doing the work. `run` is called without waiting, so it must not give a promise; `runAsync` is waited for. */
export type Contender<Input> =
  | { readonly name: string; readonly run: (input: Input) => unknown }
  | { readonly name: string; readonly runAsync: (input: Input) => Promise<unknown> };

export interface Pace {
  readonly rounds: number;
  /** How long one contender works in one round, at least. */
  readonly turnMs: number;
  /** How long each contender works before anything is counted. */
  readonly warmUpMs: number;
}

/** About 26 seconds for two workloads of five contenders. Many short turns: on a busy machine each single one is unsteady. */
export const QUICK: Pace = { rounds: 8, turnMs: 200, warmUpMs: 1000 };
export const THOROUGH: Pace = { rounds: 20, turnMs: 400, warmUpMs: 2000 };

export interface Surroundings {
  /** Milliseconds, ever growing. */
  readonly clock: () => number;
  /** Called before each turn: what one contender left behind must not be paid by the next. */
  readonly settle: () => void;
}

/** Somebody who works for so long by themselves, and says how fast they were. */
export interface Worker {
  readonly name: string;
  /** Works for so many milliseconds; gives operations per second. */
  turn(ms: number): Promise<number>;
}

/**
 * Lets the contenders work in turns, A B C A B C …, in one process: what slows the machine down meets all of them.
 * @param inputs makes the inputs that a contender takes in rotation; each contender has its own, so that none meets what
 *   another one has left in them
 */
export function interleave<Input>(
  contenders: readonly Contender<Input>[],
  inputs: () => readonly Input[],
  pace: Pace,
  surroundings: Surroundings,
): Promise<Standing[]> {
  const workers = contenders.map((contender): Worker => {
    const working = { contender, inputs: inputs() };
    return { name: contender.name, turn: (ms) => turn(working, ms, surroundings) };
  });
  return takeTurns(workers, pace);
}

/** The same for those who measure themselves: what works in other processes. */
export async function takeTurns(workers: readonly Worker[], pace: Pace): Promise<Standing[]> {
  const places = workers.map((worker) => ({ worker, rounds: [] as number[] }));
  for (const { worker } of places) await worker.turn(pace.warmUpMs);
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const { worker, rounds } of places) rounds.push(await worker.turn(pace.turnMs));
  }
  return summarise(places.map(({ worker, rounds }) => ({ name: worker.name, rounds })));
}

interface Working<Input> {
  readonly contender: Contender<Input>;
  readonly inputs: readonly Input[];
}

/** Goes through the inputs again and again until the time is up. Gives operations per second. */
async function turn<Input>({ contender, inputs }: Working<Input>, ms: number, surroundings: Surroundings) {
  const { clock, settle } = surroundings;
  settle();
  const began = clock();
  let done = 0;
  let elapsed = 0;
  do {
    if ('run' in contender) pass(contender.run, inputs);
    else await passAsync(contender.runAsync, inputs);
    done += inputs.length;
    elapsed = clock() - began;
  } while (elapsed < ms);
  return (done * 1000) / elapsed;
}

/** The last result is kept, or the compiler could find out that nobody looks and do nothing. */
const kept: { result: unknown } = { result: undefined };

function pass<Input>(run: (input: Input) => unknown, inputs: readonly Input[]): void {
  for (const input of inputs) kept.result = run(input);
}

async function passAsync<Input>(run: (input: Input) => Promise<unknown>, inputs: readonly Input[]): Promise<void> {
  for (const input of inputs) kept.result = await run(input);
}
