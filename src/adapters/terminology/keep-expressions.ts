import type { TerminologyService } from '../../core/terminology/service/terminology-service.ts';
import type { Log } from '../../ports.ts';
import type { TerminologyDoor } from '../../ports-terminology.ts';
import { fetchExpression } from './fetch-expressions.ts';

export interface KeptExpressions {
  /** Other value sets are in use: fetches now. */
  again(): void;
  stop(): void;
}

/** After a failure it is tried again this soon. */
const AGAIN_MS = 60_000;

/**
 * Fetches what value sets of the terminology directory need of SNOMED CT from a terminology server, at the start and again
 * when it has grown old. Until an expression is there, membership is unknown; an old answer is used until a new one comes.
 * @param inUse the terminology that is in use now
 */
export function keepExpressions(
  inUse: () => TerminologyService,
  door: TerminologyDoor,
  { keepFor, log }: { readonly keepFor: number; readonly log: Log },
): KeptExpressions {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const round = async (): Promise<void> => {
    const missing = await fetchAll(inUse(), door);
    if (stopped) return;
    log.info('terminology.fetched', { expressions: inUse().expressions().length, missing });
    timer = setTimeout(() => void round(), missing > 0 ? AGAIN_MS : keepFor);
    timer.unref();
  };
  void round();
  return {
    again() {
      clearTimeout(timer);
      void round();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Gives how many could not be had. */
export async function fetchAll(service: TerminologyService, door: TerminologyDoor): Promise<number> {
  let missing = 0;
  for (const ecl of service.expressions()) {
    const members = await fetchExpression(ecl, door);
    if (members === undefined) missing += 1;
    else service.learn(ecl, members);
  }
  return missing;
}
