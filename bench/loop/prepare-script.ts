import { readSetup } from '../../src/cli/read-setup.ts';
import { diskIo } from '../../src/config/disk.ts';
import { startEngine } from '../../src/main.ts';
import { openRecord } from '../../src/wire-record.ts';
import { recordScript } from './bare/record-script.ts';
import { newDismantler, type Script } from './bare/script.ts';
import { openTables } from './bare/tables.ts';
import { nhsNumberOf } from './messages.ts';
import type { Partners } from './partners.ts';
import { type TownPlan, writeTown } from './town.ts';

export interface Prepared {
  readonly script: Script;
  /** How many names a loop has. */
  readonly names: number;
  /** How many rows a loop leaves in each table. */
  readonly rows: Readonly<Record<string, number>>;
}

const SILENT = { info() {}, warn() {}, error: (event: string) => void process.stderr.write(`${event}\n`) };

/**
 * Has an engine carry one loop on an empty record, and writes down what it commits and sends.
 * @param name under which the platform knows it
 */
export async function prepareScript(name: string, plan: TownPlan, partners: Partners): Promise<Prepared> {
  const { setup, findings } = await readSetup(writeTown(plan), diskIo(process.env));
  if (setup === undefined) throw new Error(JSON.stringify(findings));
  const store = await openRecord(setup, { works: true });
  const tables = await openTables(plan.record);
  const dismantle = newDismantler(RECORDED);
  const recorded = recordScript(store, tables, dismantle);
  // The recorder looks after every claim, and a connection answers one question at a time.
  const counting = await openTables(plan.record);
  const engine = await startEngine(setup, SILENT, { record: recorded.store });
  try {
    const before = await counting.count();
    await partners.reportTo(name, [engine.url]);
    await partners.once([engine.url], RECORDED);
    await recorded.quiet();
    const after = await counting.count();
    const rows = Object.fromEntries(
      Object.entries(after).map(([table, count]) => [table, count - (before[table] ?? 0)]),
    );
    return { script: recorded.script(), names: dismantle.names, rows };
  } finally {
    await engine.stop();
    await tables.close();
    await counting.close();
  }
}

/** The patient of the loop whose steps are written down. */
export const RECORDED = nhsNumberOf(0);

/** Makes a record with the schema that an engine puts there, and nothing else. */
export async function newRecord(plan: TownPlan): Promise<void> {
  const { setup, findings } = await readSetup(writeTown(plan), diskIo(process.env));
  if (setup === undefined) throw new Error(JSON.stringify(findings));
  await (await openRecord(setup, { works: true })).close();
}
