import { readableResources } from '../../core/terminology/service/readable-resources.ts';
import { runsOn, runsOnText } from '../../core/terminology/service/runs-on.ts';
import type { TerminologyService } from '../../core/terminology/service/terminology-service.ts';
import type { Clock, TerminologyDoor } from '../../ports.ts';

/** FHIR's operations answered by what the engine itself asks. */
export function loadedTerminology(service: TerminologyService, clock: Clock): TerminologyDoor {
  return {
    perform: async (operation, given) => service.perform(operation, given, clock.now().toISOString()),
    resources: readableResources(service.resources),
    runsOn: runsOnText(runsOn(service.resources, service.release)),
  };
}
