/** Wires the console: its pages over the record, behind the one HTTP listener. */
import type { Router } from 'express';
import type { Library, LibraryDirectories } from './cli/read-library.ts';
import type { Setup } from './cli/read-setup.ts';
import { namesInUse } from './cli/versions-in-use.ts';
import type { ConsoleParts } from './console/console-parts.ts';
import { newLogChecks } from './console/log/log-checks.ts';
import { newReadOutcomes } from './console/outcomes/read-outcomes.ts';
import { newReadOverview } from './console/overview/read-overview.ts';
import { consoleRouter } from './console/router.ts';
import { openIdConnect } from './console/sign-in/open-id.ts';
import { openPasswordCheck } from './console/sign-in/password.ts';
import { readStaticFiles } from './console/static-files.ts';
import type { RoadParts } from './flow/road-parts.ts';
import type { Clock, Log } from './ports.ts';
import type { WholeRecord } from './store/whole-record.ts';
import { openDesk } from './wire-desk.ts';
import { openHoldDesk } from './wire-hold-desk.ts';
import { logKey } from './wire-log.ts';
import { openLogDesk } from './wire-log-desk.ts';
import { openMappingDesk } from './wire-mapping-desk.ts';
import { openReplayDesk } from './wire-replay-desk.ts';

interface ConsoleGiven {
  readonly record: WholeRecord;
  readonly log: Log;
  readonly clock: Clock;
  /** The road's parts as they are now. */
  readonly current: () => RoadParts;
  /** The mappings and terminology in use now. */
  readonly library: () => Library;
  /** Work was put back into the record: the road should look. */
  readonly wake: () => void;
}

/**
 * The console's router; undefined where the configuration has none, and in a process that is not there for it: engines share one configuration, and what partners
 * reach would let anybody try passwords as well.
 */
export async function wireConsole(
  setup: Setup,
  { record, log, clock, current, library, wake }: ConsoleGiven,
): Promise<Router | undefined> {
  const { config } = setup;
  const { console: section, listen, roles } = config.engine;
  if (section === undefined || !roles.includes('console')) return undefined;
  const desk = {
    ...openDesk(current),
    ...openHoldDesk({ setup, current, wake }),
    ...openMappingDesk({ library, directories: directoriesOf(config.engine), inUse: namesInUse(config) }),
    ...openReplayDesk({ current, wake }),
    ...openLogDesk({ record, clock, key: () => logKey(setup), checkpoints: config.engine.log.checkpoints }),
  };
  const parts: ConsoleParts = {
    store: record,
    record,
    clock,
    log,
    desk,
    rules: {
      idleMs: section.idle,
      limitMs: section.limit,
      unmaskedMs: section.unmasked,
      fourEyes: section.fourEyes,
      secure: listen.tls !== undefined || listen.behindProxy,
    },
    partners: config.partners.map(({ id, kind, organisation }) => ({ id, kind, name: organisation.name })),
    passwords: await openPasswordCheck(),
    ...openIdOf(setup),
    files: readStaticFiles(),
    readOverview: newReadOverview(record, clock),
    readOutcomes: newReadOutcomes(desk, clock),
    logChecks: newLogChecks({ desk, record, clock, log }),
  };
  return consoleRouter(parts);
}

function directoriesOf({ mappings, terminology }: LibraryDirectories): LibraryDirectories {
  return { mappings, terminology };
}

/** The service at which users sign in, when the configuration names one. */
function openIdOf({ config, secrets }: Setup): Pick<ConsoleParts, 'openId'> {
  const section = config.engine.console?.openId;
  if (section === undefined) return {};
  const { clientSecret: _source, partnersClaim, address, ...rest } = section;
  return {
    openId: openIdConnect({
      ...rest,
      address: address.replace(/\/$/, ''),
      ...(secrets.openIdClient !== undefined && { clientSecret: secrets.openIdClient }),
      ...(partnersClaim !== undefined && { partnersClaim }),
    }),
  };
}
