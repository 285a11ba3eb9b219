import { relative } from 'node:path';
import type { DemoAccount } from './console-accounts.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** Where to look while it runs. */
export function signposts(world: World, shown: Person, accounts: readonly DemoAccount[]): string[] {
  const config = relative(process.cwd(), world.config);
  return [
    'It keeps running. Look around:',
    `  the console (pages)     ${world.engine.url}/console`,
    ...accounts.map(({ name, password }) => `    sign in as ${name.padEnd(10)}  ${password}`),
    `  GP record (a page)      ${world.practice.url}/record/${shown.nhsNumber}`,
    `  FHIR endpoint           curl -H 'Authorization: Bearer ${world.secrets.riverside}' '${world.engine.url}/fhir/Task?status=completed'`,
    `  HL7 v2 over MLLP        npx hearback hl7 send FILE --to ${world.engine.mllp.replace(/^mllp:\/\//, '')}`,
    `  Lantern Casework        ${world.casework.url}/cases`,
    `  Springboard             ${world.springboard.url}/cases`,
    `  break it                curl -H 'content-type: application/json' -d '{"down":true}' ${world.casework.url}/control/temper`,
    `  what is late            npx hearback loops --late -c ${config}`,
    `  every loop              npx hearback loops -c ${config}`,
    `  the message log         npx hearback log -c ${config}`,
    `  what waits for a person npx hearback holds -c ${config}`,
    `  the engine's own log    ${relative(process.cwd(), world.engine.logFile)}`,
    'Ctrl-C ends it; the record stays.',
  ];
}
