import { type DeciderParts, type HoldDecision, NotDecided, resolveHold } from '../flow/desk/person-decides.ts';
import { faultCode } from '../flow/watch/fault-code.ts';
import { WrongUse } from './exit-code.ts';
import { chosenHolds, type HoldsChoice } from './holds-choice.ts';

type OneAnswer = Omit<HoldDecision, 'hold'> & { readonly yes?: boolean };

/**
 * Resolves all open holds that are meant, each as a decision of its own with its own entry in the log. Without `yes` it says how many
 * they are and changes nothing. One that must not be resolved so stays, and is named with the reason; the exit code is 1 then.
 */
export async function resolveMany(
  choice: HoldsChoice,
  { yes = false, ...answer }: OneAnswer,
  parts: DeciderParts,
): Promise<void> {
  const holds = await chosenHolds(choice, parts.store);
  if (!yes) {
    throw new WrongUse(
      `${counted(holds.length, 'open hold')} (hearback holds lists them). Nothing was changed: say --yes as well to resolve all.`,
    );
  }
  let [resolved, waiting] = [0, 0];
  for (const hold of holds) {
    const came = await tried({ ...answer, hold }, parts);
    if (typeof came === 'number') {
      resolved += 1;
      waiting += came;
    } else {
      console.error(`${hold.id} stays: ${came}`);
      process.exitCode = 1;
    }
  }
  console.log(
    `${counted(resolved, 'hold')} resolved: ${waiting} waiting ${answer.then === 'retry' ? 'go on' : 'dropped'}.`,
  );
}

/** How much waited, or why the hold stays. */
async function tried(decision: HoldDecision, parts: DeciderParts): Promise<number | string> {
  try {
    return await resolveHold(decision, parts);
  } catch (fault) {
    if (fault instanceof NotDecided) return fault.message;
    if (faultCode(fault) === 'hold-not-open') return 'somebody else has just resolved it.';
    throw fault;
  }
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
