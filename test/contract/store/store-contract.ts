import { changingContract } from './changing.ts';
import { consoleContract } from './console.ts';
import { handingOverContract } from './handing-over.ts';
import { holdingContract } from './holding.ts';
import { lanesContract } from './lanes.ts';
import { lastingContract } from './lasting.ts';
import { logSearchContract } from './log-search.ts';
import { mappingVersionsContract } from './mapping-versions.ts';
import { modelContract } from './model.ts';
import { overviewContract } from './overview.ts';
import type { MakePlace } from './place.ts';
import { readBackContract } from './read-back.ts';
import { readingContract } from './reading.ts';
import { receivingContract } from './receiving.ts';
import { retentionContract } from './retention.ts';
import { sealingContract } from './sealing.ts';
import { searchingContract } from './searching.ts';
import { standingContract } from './standing.ts';

/** All that every implementation of the Store port must do. */
export function storeContract(places: MakePlace): void {
  receivingContract(places);
  changingContract(places);
  lanesContract(places);
  holdingContract(places);
  readingContract(places);
  searchingContract(places);
  logSearchContract(places);
  lastingContract(places);
  mappingVersionsContract(places);
  readBackContract(places);
  sealingContract(places);
  handingOverContract(places);
  retentionContract(places);
  consoleContract(places);
  overviewContract(places);
  standingContract(places);
  modelContract(places);
}
