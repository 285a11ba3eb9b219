import type { Clock, Log } from '../ports.ts';
import type { ConsoleRecord } from '../ports-console.ts';
import type { Store } from '../ports-record.ts';
import type { ConsolePartner } from './console-partner.ts';
import type { EngineDesk } from './engine-desk.ts';
import type { LogChecks } from './log/log-checks.ts';
import type { ReadOutcomes } from './outcomes/read-outcomes.ts';
import type { ReadOverview } from './overview/read-overview.ts';
import type { OpenId } from './sign-in/open-id.ts';
import type { PasswordCheck } from './sign-in/password.ts';
import type { StaticFiles } from './static-files.ts';

/** What the pages work with. main.ts builds it (wire-console.ts). */
export interface ConsoleParts {
  /** The road's record: what the pages show. */
  readonly store: Store;
  /** The console's own. */
  readonly record: ConsoleRecord;
  readonly desk: EngineDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: ConsoleRules;
  /** In the order of the configuration. */
  readonly partners: readonly ConsolePartner[];
  readonly passwords: PasswordCheck;
  /** Where users sign in, when it is not here. */
  readonly openId?: OpenId;
  readonly files: StaticFiles;
  readonly readOverview: ReadOverview;
  readonly readOutcomes: ReadOutcomes;
  readonly logChecks: LogChecks;
}

export interface ConsoleRules {
  /** A session that was not used for so long is over. Milliseconds, as all of these. */
  readonly idleMs: number;
  /** A session is over after so long in any case. */
  readonly limitMs: number;
  /** How long a loop stays unmasked for a session. */
  readonly unmaskedMs: number;
  /** What one person decides, another one must confirm. */
  readonly fourEyes: boolean;
  /** True where the browser speaks TLS, with us or with a proxy in front. */
  readonly secure: boolean;
}
