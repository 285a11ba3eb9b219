import { Command, Option } from 'commander';
import { startEngine } from '../main.ts';
import { type LogLevel, operationalLog } from '../ops/operational-log.ts';
import { requireSetup } from './open-setup.ts';

/** `hearback serve`: runs until it is told to stop (SIGTERM, SIGINT), then drains. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run the engine.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .addOption(
      new Option('--log-level <level>', 'the least that is logged').choices(['error', 'warn', 'info']).default('info'),
    )
    .action(async (options: { config: string; logLevel: LogLevel }) => {
      const log = operationalLog(options.logLevel);
      const engine = await startEngine(requireSetup(options.config), log);
      // Whoever started us waits for this line: from here on messages are taken.
      console.log(
        JSON.stringify({
          ready: true,
          url: engine.url,
          fhir: `${engine.url}/fhir`,
          webhooks: `${engine.url}/webhooks`,
          ...(engine.mllp.size > 0 && { mllp: Object.fromEntries(engine.mllp) }),
        }),
      );
      const signal = await stopSignal();
      log.info('engine.stopping', { signal });
      await engine.stop();
      log.info('engine.stopped');
    });
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
