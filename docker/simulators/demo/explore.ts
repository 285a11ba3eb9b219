import { join } from 'node:path';
import type { Person } from './people.ts';
import { PROJECT } from './place.ts';
import type { World } from './world.ts';

/** Where to look while it runs. */
export function signposts(world: World, shown: Person): string[] {
  const bin = join(PROJECT, 'bin/hearback.mjs');
  const hearback = `node ${bin}`;
  return [
    'It keeps running. Look around:',
    `  GP record (a page)      ${world.practice.url}/record/${shown.nhsNumber}`,
    `  FHIR endpoint           curl -H 'Authorization: Bearer ${world.secrets.riverside}' '${world.engine.url}/fhir/Task?status=completed'`,
    `  Lantern Casework        ${world.casework.url}/cases`,
    `  Springboard             ${world.springboard.url}/cases`,
    `  break it                curl -H 'content-type: application/json' -d '{"down":true}' ${world.casework.url}/control/temper`,
    `  what is late            ${hearback} loops --late -c ${world.config}`,
    `  every loop              ${hearback} loops -c ${world.config}`,
    `  the message log         ${hearback} log -c ${world.config}`,
    `  what waits for a person ${hearback} holds -c ${world.config}`,
    `  the engine's own log    ${world.engine.logFile}`,
    'Ctrl-C ends it; the record stays.',
  ];
}
