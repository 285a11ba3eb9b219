import type { Config } from '../config/schema.ts';
import type { Finding } from '../core/finding.ts';
import type { Clock } from '../ports.ts';
import type { JournalEntry } from '../ports-changes.ts';
import type { Store } from '../ports-record.ts';
import type { Library } from './read-library.ts';
import { uncountedChanges, versionsInUse } from './versions-in-use.ts';

/** A changed mapping that was not counted up: nothing is used of the set that it belongs to. */
export class NotCounted extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ place, message, remedy }) => `${place.file}: ${message} ${remedy}`).join('\n'));
    this.findings = findings;
  }
}

interface KeepGiven {
  readonly config: Config;
  readonly store: Pick<Store, 'keptMappings' | 'apply'>;
  readonly clock: Clock;
  /** Of the configuration's file, at a start. */
  readonly digest?: string;
  /** The set in use until now; absent at a start, when everything is said to be loaded. */
  readonly before?: Library;
}

/**
 * Writes into the record what is about to be used: the text of each version, and in the message log which are loaded.
 * In this order, because nothing may be stamped with a version whose text is not kept. Rejects with `NotCounted`.
 */
export async function keepLibrary(library: Library, given: KeepGiven): Promise<number> {
  const at = given.clock.now().toISOString();
  const { config, store, before, digest } = given;
  const versions = versionsInUse(config, library, at);
  const known = await store.keptMappings({});
  const findings = uncountedChanges(versions, known, config.engine.mappings);
  if (findings.length > 0) throw new NotCounted(findings);
  const former = new Set(before === undefined ? [] : versionsInUse(config, before, at).map(({ digest }) => digest));
  const loaded = versions.filter(({ digest }) => !former.has(digest));
  const terms = before?.terminologyDigest === library.terminologyDigest ? [] : [terminologyLoaded(library, at)];
  const own = digest === undefined ? [] : [entry('configuration.loaded', at, { digest })];
  const journal = [
    ...own,
    ...loaded.map(({ name, version, digest }) => entry('mapping.loaded', at, { mapping: name, version, digest })),
    ...terms,
  ];
  if (journal.length === 0) return 0;
  await store.apply({ mappings: loaded, journal });
  return journal.length - own.length;
}

function terminologyLoaded({ terminologyDigest: digest }: Library, at: string): JournalEntry {
  return entry('terminology.loaded', at, { digest });
}

/** The most that one bad set says in the message log; `hearback mappings check` says the rest. */
const MOST_ENTRIES = 20;

/** The message log's lines about a set that is not used: where it is wrong and by which rule. No value and no text. */
export function refusedEntries(findings: readonly Finding[], at: string): JournalEntry[] {
  return findings.slice(0, MOST_ENTRIES).map(({ rule, place }) =>
    entry('mapping.refused', at, {
      rule,
      ...(place.file !== undefined && { file: place.file }),
      ...(place.line !== undefined && { line: place.line }),
      ...(place.column !== undefined && { column: place.column }),
      errors: findings.length,
    }),
  );
}

function entry(kind: string, at: string, detail: JournalEntry['detail']): JournalEntry {
  return { at, kind, actor: 'hearback', detail };
}
