import { diskIo } from '../config/disk.ts';
import { readConfig } from '../config/read.ts';
import { resolveDatabase } from '../config/resolve-secrets.ts';
import type { Config } from '../config/schema.ts';
import type { Finding } from '../core/finding.ts';
import type { Store } from '../ports-record.ts';
import type { WholeRecord } from '../store/whole-record.ts';
import { openRecord, type RecordSetup } from '../wire-record.ts';
import { journalLooks, type Look } from './journal-look.ts';
import { findingLine } from './print-findings.ts';
import { readSetup, type Setup } from './read-setup.ts';

/** What a command throws when the configuration is wrong: it has been said, and nothing was touched. */
export class WrongConfiguration extends Error {}

/**
 * The whole set-up, or its findings on stderr and a `WrongConfiguration`.
 * @param warn is told what is found in one that is right enough to go on with; on stderr as well when left out
 */
export async function requireSetup(file: string, warn: (finding: Finding) => void = printFinding): Promise<Setup> {
  const { setup, findings } = await readSetup(file, diskIo(process.env));
  for (const finding of findings) (setup === undefined ? printFinding : warn)(finding);
  if (setup === undefined) throw new WrongConfiguration(`${file} is not right: nothing was started.`);
  return setup;
}

function printFinding(finding: Finding): void {
  console.error(findingLine(finding));
}

/** Partner ids with the names of their organisations. */
export type PartnerNames = Readonly<Record<string, string>>;

/** Writes looks down in the record that is looked at, before anything of it is shown. */
export type NoteLooks = (...looks: readonly Look[]) => Promise<void>;

/**
 * The record for looking only, beside a running engine. Of all secrets only the address of its database is needed to look
 * (where it has one), and no mapping, so a shell without the engine's environment will do: only mistakes of the file itself stand in the way.
 * What is shown of anybody must be noted first, which takes the right to write to the record.
 */
export async function withRecord<T>(file: string, look: (store: Store, given: LookGiven) => Promise<T>): Promise<T> {
  return withWholeRecord(file, { readonly: true }, ({ record, config, setup }) => {
    const names = Object.fromEntries(config.partners.map(({ id, organisation }) => [id, organisation.name]));
    return look(record, { names, config, note: (...looks) => noteLooks(setup, looks) });
  });
}

export interface LookGiven {
  readonly names: PartnerNames;
  readonly config: Config;
  readonly note: NoteLooks;
}

async function noteLooks(setup: RecordSetup, looks: readonly Look[]): Promise<void> {
  const store = await openRecord(setup);
  try {
    await journalLooks(store, looks);
  } finally {
    await store.close();
  }
}

interface Opened {
  readonly record: WholeRecord;
  readonly config: Config;
  /** Opens it once more. */
  readonly setup: RecordSetup;
}

/** As `withRecord`, with all that the record can do, and to be changed unless it is `readonly`. */
export async function withWholeRecord<T>(
  file: string,
  how: { readonly readonly?: boolean },
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const io = diskIo(process.env);
  const { config, findings } = readConfig(file, io, { onlyLook: true });
  const { database, findings: ofDatabase } = config === undefined ? { findings } : resolveDatabase(config, io);
  if (config === undefined || ofDatabase.length > 0) {
    for (const finding of ofDatabase) console.error(findingLine(finding));
    throw new WrongConfiguration(`${file} is not right.`);
  }
  const setup = { config, secrets: { ...(database && { database }) } };
  const record = await openRecord(setup, how);
  try {
    return await work({ record, config, setup });
  } finally {
    await record.close();
  }
}
