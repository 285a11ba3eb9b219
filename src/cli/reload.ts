import { type FSWatcher, watch } from 'node:fs';
import type { ConfigIo } from '../config/io.ts';
import { type Finding, hasErrors } from '../core/finding.ts';
import type { Engine } from '../main.ts';
import type { Log } from '../ports.ts';
import { NotCounted } from './keep-library.ts';
import { runAllCases } from './mappings-run-cases.ts';
import { type Library, readLibrary } from './read-library.ts';
import { nameFindings, type Setup } from './read-setup.ts';
import { mappingsInUse, namesInUse } from './versions-in-use.ts';

interface ReloadGiven {
  readonly engine: Pick<Engine, 'use' | 'refused'>;
  readonly setup: Setup;
  /** The configuration's file, for findings. */
  readonly file: string;
  readonly io: Pick<ConfigIo, 'list' | 'readFile'>;
  readonly log: Log;
}

export interface Reloading {
  /** Looks now, after whatever look is under way. */
  look(): Promise<void>;
  stop(): void;
}

/** Files are written one after the other and some in several steps: what happens within this time is one change. */
const SETTLED_MS = 250;

/**
 * Keeps an engine's mappings and terminology what the files are. A changed set is used when all of it checks and all cases
 * hold; otherwise the engine goes on with what it has, and the operational log and the message log say where the set is
 * wrong. Looks when a file below the directories changes and when the process is sent SIGHUP.
 */
export function reloadOnChange(given: ReloadGiven): Reloading {
  const { mappings, terminology } = given.setup.config.engine;
  let seen = digestOf(given.setup.library);
  let looking = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const look = (): Promise<void> => {
    const next = looking.then(async () => {
      seen = await lookOnce(given, seen);
    });
    looking = next.catch(() => given.log.error('mappings.unread', {}));
    return next;
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look().catch(() => undefined), SETTLED_MS);
  };
  const watchers = [mappings, terminology].flatMap((directory) => watched(directory, soon, given.log));
  process.on('SIGHUP', soon);
  return {
    look,
    stop() {
      clearTimeout(timer);
      process.off('SIGHUP', soon);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Where a file system tells nothing, SIGHUP still works. */
function watched(directory: string, changed: () => void, log: Log): FSWatcher[] {
  try {
    const watcher = watch(directory, { recursive: true }, changed);
    watcher.on('error', () => log.warn('mappings.unwatched', {}));
    return [watcher];
  } catch {
    log.warn('mappings.unwatched', {});
    return [];
  }
}

/** Gives the digest of what was looked at: the same bad set is spoken of once. */
async function lookOnce({ engine, setup, file, io, log }: ReloadGiven, seen: string): Promise<string> {
  const read = await readLibrary(setup.config.engine, io, {
    names: namesInUse(setup.config),
    // The same release throughout: another one is used after a restart.
    release: setup.library.terminology.release,
  });
  const digest = read === undefined ? 'none' : digestOf(read.library);
  if (digest === seen) return seen;
  const findings = read === undefined ? [NO_DIRECTORY] : findingsOf(setup, { ...read, file });
  if (read === undefined || hasErrors(findings)) {
    await engine.refused(findings.filter(({ severity }) => severity === 'error'));
    return digest;
  }
  try {
    log.info('mappings.used', { changed: await engine.use(read.library) });
  } catch (fault) {
    if (!(fault instanceof NotCounted)) throw fault;
    await engine.refused(fault.findings);
  }
  return digest;
}

interface Read {
  readonly library: Library;
  readonly findings: readonly Finding[];
  readonly file: string;
}

/** All that is wrong with a set: what `check` would say, mappings that are named and gone, and cases that do not hold. */
function findingsOf({ config, library: before }: Setup, { library, findings, file }: Read): Finding[] {
  const there = new Set(library.files.map((one) => one.file));
  const gone = mappingsInUse(config, before).filter(({ path }) => !there.has(path));
  const ofSet = [
    ...findings,
    ...nameFindings(config, library, file),
    ...gone.map(({ mapping }) => missing(`${config.engine.mappings}/${mapping.name}.map.yaml`)),
  ];
  if (hasErrors(ofSet)) return ofSet;
  const cases = runAllCases({ ...library, findings }, config.engine.mappings);
  const failed = cases.tested.flatMap(({ results }) => results.filter(({ differences }) => differences.length > 0));
  return [...ofSet, ...cases.findings, ...failed.map((one) => caseFailed(one.file, config.engine.mappings))];
}

function caseFailed(file: string, directory: string): Finding {
  return {
    severity: 'error',
    rule: 'mapping/case-failed',
    place: { file: file.startsWith(directory) ? file : `${directory}/${file}` },
    message: 'This case does not hold.',
    remedy: 'hearback mappings test says where the result is another than expected.',
  };
}

function missing(file: string): Finding {
  return {
    severity: 'error',
    rule: 'config/unknown-mapping',
    place: { file },
    message: 'The configuration names this mapping, and its file is gone.',
    remedy: 'Put the file back, or take the mapping out of the configuration and restart.',
  };
}

const NO_DIRECTORY: Finding = {
  severity: 'error',
  rule: 'config/unreadable-directory',
  place: {},
  message: 'The mappings directory is gone.',
  remedy: 'Put it back.',
};

function digestOf({ files, terminologyDigest }: Library): string {
  return JSON.stringify([files, terminologyDigest]);
}
