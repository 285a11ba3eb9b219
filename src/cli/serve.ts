import { Command, Option } from 'commander';
import { diskIo } from '../config/disk.ts';
import type { Role } from '../config/roles.ts';
import { startEngine } from '../main.ts';
import { type LogLevel, operationalLog } from '../ops/operational-log.ts';
import { requireSetup } from './open-setup.ts';
import { reloadOnChange } from './reload.ts';
import { readRoles, withRoles } from './serve-roles.ts';
import { warningsTo } from './serve-warnings.ts';

/** `hearback serve`: runs until it is told to stop (SIGTERM, SIGINT), then drains. */
export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Run the engine. Changed mappings and terminology are used when they check and their cases hold; SIGHUP looks at once.',
    )
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .addOption(
      new Option('--log-level <level>', 'the least that is logged').choices(['error', 'warn', 'info']).default('info'),
    )
    .option(
      '--roles <list>',
      'what this process does, of inlets,workers,console; as configured when left out',
      readRoles,
    )
    .action(async (options: { config: string; logLevel: LogLevel; roles?: readonly Role[] }) => {
      const log = operationalLog(options.logLevel);
      const setup = withRoles(await requireSetup(options.config, warningsTo(log)), options.roles);
      const engine = await startEngine(setup, log);
      const io = diskIo(process.env);
      const reloading = reloadOnChange({ engine, setup, file: options.config, io, log });
      // Whoever started us waits for this line: from here on messages are taken.
      console.log(
        JSON.stringify({
          ready: true,
          url: engine.url,
          ...(setup.config.engine.roles.includes('inlets') && {
            fhir: `${engine.url}/fhir`,
            webhooks: `${engine.url}/webhooks`,
          }),
          ...(engine.metrics !== undefined && { metrics: engine.metrics }),
          ...(engine.mllp.size > 0 && { mllp: Object.fromEntries(engine.mllp) }),
        }),
      );
      const signal = await stopSignal();
      log.info('engine.stopping', { signal });
      reloading.stop();
      await engine.stop();
      log.info('engine.stopped');
    });
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
