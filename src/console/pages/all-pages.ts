import type { Handlers } from '../page.ts';
import { assetPages } from './asset.ts';
import { holdsPages } from './holds.ts';
import { logPages } from './log.ts';
import { loopPages } from './loop.ts';
import { loopsPages } from './loops.ts';
import { mappingsPages } from './mappings.ts';
import { messagePages } from './message.ts';
import { openIdPages } from './open-id.ts';
import { outcomesPages } from './outcomes.ts';
import { overviewPages } from './overview.ts';
import { replayPages } from './replay.ts';
import { signInPages } from './sign-in.ts';
import { unmaskPages } from './unmask.ts';

/** Every route's handler. A route without one does not compile. */
export const ALL_PAGES: Handlers = {
  ...assetPages,
  ...signInPages,
  ...openIdPages,
  ...overviewPages,
  ...loopsPages,
  ...holdsPages,
  ...loopPages,
  ...mappingsPages,
  ...logPages,
  ...outcomesPages,
  ...messagePages,
  ...replayPages,
  ...unmaskPages,
};
