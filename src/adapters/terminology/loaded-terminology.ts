import { readableResources } from '../../core/terminology/service/readable-resources.ts';
import { runsOn, runsOnText } from '../../core/terminology/service/runs-on.ts';
import type { TerminologyService } from '../../core/terminology/service/terminology-service.ts';
import type { Clock } from '../../ports.ts';
import type { TerminologyDoor } from '../../ports-terminology.ts';

/**
 * FHIR's operations answered by what the engine itself asks.
 * @param inUse the one that is in use now: changed files are taken while the engine runs
 */
export function loadedTerminology(inUse: () => TerminologyService, clock: Clock): TerminologyDoor {
  return {
    perform: async (operation, given) => inUse().perform(operation, given, clock.now().toISOString()),
    get resources() {
      return readableResources(inUse().resources);
    },
    get runsOn() {
      const { resources, release } = inUse();
      return runsOnText(runsOn(resources, release));
    },
  };
}
