import { StoreError } from '../store-error.ts';
import { decideStep } from './decide-step.ts';
import { lookUp } from './facts.ts';
import type { Line } from './line.ts';
import { lockNumbers, MOST_LOCKS } from './lock-names.ts';
import { RowsToWrite } from './rows-to-write.ts';
import { locksOf, type Step, type StepAnswers } from './step.ts';

/**
 * Group commit. Steps that arrive in one turn of the event loop, or while the transaction before is under way, share one:
 *
 *   waiting --(end of turn, line free)--> begin, locks, looks --> each is decided in order, from what those before it changed
 *       each:  its rows join the others'                 it is answered once the group is on disk
 *              throws: it adds nothing, and it alone fails; the others go on
 *   one statement a table, commit -> everybody is answered
 *   the database refuses one of the statements: nothing was kept, and each step is tried in a transaction of its own
 */
interface GroupCommit {
  /** Resolves with the answer after it is on disk. Rejects with a StoreError; then nothing of it was kept, save with `in-doubt`. */
  run<K extends Step['kind']>(step: Extract<Step, { readonly kind: K }>): Promise<StepAnswers[K]>;
  /** After everything that was asked before. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly step: Step;
  readonly locks: readonly string[];
  readonly resolve: (answer: StepAnswers[Step['kind']]) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly answer: StepAnswers[Step['kind']] } | { readonly error: unknown };

const MOST_STEPS = 200;

/** @param onWork told when work was queued */
export function makeGroupCommit(line: Line, schema: string, onWork: () => void = () => undefined): GroupCommit {
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    await endOfTurn();
    while (waiting.length > 0) {
      const group = nextGroup(waiting);
      await commitGroup(group, line, schema);
      if (group.some(({ step }) => (step.changes.work?.length ?? 0) > 0)) onWork();
    }
    working = undefined;
  };
  return {
    run: <K extends Step['kind']>(step: Extract<Step, { readonly kind: K }>) =>
      new Promise<StepAnswers[K]>((resolve, reject) => {
        waiting.push({ step, locks: locksOf(step), resolve: (answer) => resolve(answer as StepAnswers[K]), reject });
        working ??= work();
      }),
    settled: async () => {
      await working;
    },
  };
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** In order, as many as may share a transaction; at least one. */
function nextGroup(waiting: Waiting[]): Waiting[] {
  let locks = 0;
  const end = waiting.findIndex((one, index) => {
    locks += one.locks.length;
    return index > 0 && (locks > MOST_LOCKS || index >= MOST_STEPS);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

async function commitGroup(group: readonly Waiting[], line: Line, schema: string): Promise<void> {
  try {
    answer(group, await transaction(group, line, schema));
  } catch (thrown) {
    if (group.length === 1 || isOfTheLine(thrown))
      return answer(
        group,
        group.map(() => ({ error: thrown })),
      );
    for (const one of group) await commitGroup([one], line, schema);
  }
}

function transaction(group: readonly Waiting[], line: Line, schema: string): Promise<Outcome[]> {
  const steps = group.map(({ step }) => step);
  return line.transaction({
    locks: lockNumbers(new Set(group.flatMap(({ locks }) => locks)), schema),
    decide: async (session) => {
      const facts = await lookUp(session, steps);
      const rows = new RowsToWrite();
      const value = steps.map((step): Outcome => {
        try {
          return { answer: decideStep(step, facts, rows) };
        } catch (error) {
          return { error };
        }
      });
      return { value, write: rows.statements() };
    },
  });
}

/** True of what no step is to blame for. Tried one by one with the server away, each would wait for as long as all did. */
function isOfTheLine(thrown: unknown): boolean {
  return thrown instanceof StoreError && (thrown.code === 'in-doubt' || thrown.code === 'unreachable');
}

function answer(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
  group.forEach((waiting, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) waiting.reject(new StoreError('database', 'the operation was not run'));
    else if ('error' in outcome) waiting.reject(outcome.error);
    else waiting.resolve(outcome.answer);
  });
}
