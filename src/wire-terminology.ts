import { newHttpClient } from './adapters/http-client/http-client.ts';
import { keepExpressions } from './adapters/terminology/keep-expressions.ts';
import { loadedTerminology } from './adapters/terminology/loaded-terminology.ts';
import { remoteTerminology } from './adapters/terminology/remote-terminology.ts';
import type { Setup } from './cli/read-setup.ts';
import { runsOn } from './core/terminology/service/runs-on.ts';
import type { TerminologyService } from './core/terminology/service/terminology-service.ts';
import type { Clock, Log } from './ports.ts';
import type { TerminologyDoor } from './ports-terminology.ts';

interface OpenTerminology {
  readonly door: TerminologyDoor;
  /** Other files are in use: what a server must be asked for them is asked now. */
  readonly again: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * What FHIR's terminology operations are answered by: what is loaded, or the server that stands in its place.
 * @param inUse the terminology that is in use now
 */
export function openTerminology(
  { config, secrets }: Setup,
  inUse: () => TerminologyService,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): OpenTerminology {
  const loaded = loadedTerminology(inUse, clock);
  const server = config.engine.terminologyServer;
  const close = () => inUse().release?.close();
  if (server === undefined) return { door: loaded, again: () => undefined, stop: async () => close() };
  const { terminologyServer: token } = secrets;
  const url = server.url.replace(/\/+$/, '');
  const remote = remoteTerminology({ ...server, url, token }, { newHttpClient, loaded, clock, log });
  const kept = keepExpressions(inUse, remote, { keepFor: server.keepFor, log });
  return {
    door: remote,
    again: () => kept.again(),
    async stop() {
      kept.stop();
      await remote.stop();
      close();
    },
  };
}

/** Whoever reads the log sees what codes are answered from. */
export function tellCodes(terminology: TerminologyService, log: Log): void {
  const { referenceSets, ...release } = runsOn(terminology.resources, terminology.release);
  const fromRelease = referenceSets.filter(({ from }) => from === 'release').map(({ refset }) => refset);
  log.info('terminology.runs-on', {
    ...release,
    release: release.edition === undefined ? 'none: the starter set serves' : 'loaded',
    referenceSetsFromRelease: fromRelease.join(' '),
    referenceSetsFromStarter: referenceSets.length - fromRelease.length,
  });
}
