import { setTimeout as sleep } from 'node:timers/promises';
import { nhsNumberOf } from '../../bench/loop/messages.ts';
import type { Partners } from '../../bench/loop/partners.ts';
import { type RecordPlace, writeTown } from '../../bench/loop/town.ts';
import { readSetup } from '../../src/cli/read-setup.ts';
import { diskIo } from '../../src/config/disk.ts';
import { startEngine } from '../../src/main.ts';

interface RecordOrder {
  /** Under which the platform knows the engine. */
  readonly name: string;
  readonly directory: string;
  readonly place: RecordPlace;
  readonly partners: Partners;
  readonly loops: number;
}

/** Above the sealer's rhythm: the loops come under several checkpoints. */
const BETWEEN_MS = 400;
const SILENT = { info() {}, warn() {}, error: (event: string) => void process.stderr.write(`${event}\n`) };

/** Has an engine carry so many whole loops and stop, so that everything is sealed. */
export async function makeRecord({ name, directory, place, partners, loops }: RecordOrder): Promise<void> {
  const plan = {
    ...{ directory: `${directory}/${name}`, record: place, gp: partners.gp },
    platform: { kind: 'webhook' as const, url: partners.platform(name) },
  };
  const { setup, findings } = await readSetup(writeTown(plan), diskIo(process.env));
  if (setup === undefined) throw new Error(JSON.stringify(findings));
  const engine = await startEngine(setup, SILENT);
  try {
    await partners.reportTo(name, [engine.url]);
    for (let loop = 0; loop < loops; loop += 1) {
      await partners.once([engine.url], nhsNumberOf(1_000 + loop * 20));
      await sleep(BETWEEN_MS);
    }
  } finally {
    await engine.stop();
  }
}
