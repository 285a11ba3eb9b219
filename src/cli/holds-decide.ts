import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diskIo } from '../config/disk.ts';
import { loadLibrary } from '../config/library.ts';
import type { Config } from '../config/schema.ts';
import { hasErrors } from '../core/finding.ts';
import type { Hold } from '../core/message.ts';
import { buildTerminology } from '../core/terminology/build-terminology.ts';
import { TARGET_EQUIVALENCES } from '../core/terminology/concept-map.ts';
import { type PartnerDecision, withDecision } from '../core/terminology/partner-decision.ts';
import { objectsOf, textIn } from '../core/terminology/resource-flaw.ts';
import { type CodeQuestion, readCodeHoldKey } from '../flow/translation/code-hold.ts';
import type { JournalEntry } from '../ports-changes.ts';
import type { Store } from '../ports-record.ts';
import { engineRuns, type RecordSetup } from '../wire-record.ts';
import { WrongUse } from './exit-code.ts';
import { findingLine } from './print-findings.ts';

export interface Answer {
  /** `SYSTEM|CODE`; absent for no match. */
  readonly mapTo?: string;
  readonly equivalence?: string;
  readonly reason: string;
  readonly by: string;
  /** UTC instant. */
  readonly at: string;
}

/** Writes a person's answer to a held code down as that partner's ConceptMap, checked as a whole first. Gives the file. */
export function writeDecision(hold: Hold, answer: Answer, { engine }: Config): string {
  const io = diskIo({});
  const { terminology: files } = loadLibrary(engine, io);
  const question = questionOf(hold);
  const file = join(engine.terminology, 'partners', question.partner, `concept-map-${question.map}.json`);
  const { terminology } = buildTerminology(files);
  const decision = decisionOf(
    question,
    { hold: hold.id, answer, targets: targetsOf(question, files) },
    terminology.codes,
  );
  const text = withDecision(io.readFile(file), decision);
  const others = files.filter((one) => one.file !== file);
  const { findings } = buildTerminology([...others, { file, text, partner: question.partner }]);
  if (hasErrors(findings)) throw new WrongUse(findings.map(findingLine).join('\n'));
  mkdirSync(dirname(file), { recursive: true });
  // An engine that reads while it is written must see the one or the other.
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  return file;
}

/** The entry of the message log that says who decided what a code means. */
export function codeDecided({ id, referral }: Hold, { mapTo, equivalence, reason, by, at }: Answer): JournalEntry {
  const to = mapTo === undefined ? {} : { code: mapTo, how: equivalence ?? '' };
  return {
    ...{ at, kind: 'code.decided', actor: by },
    ...(referral !== undefined && { referral }),
    detail: { hold: id, as: mapTo === undefined ? 'no-match' : 'map', ...to, reason },
  };
}

/** What a hold about a code asks, with the systems whose codes its map leads to; undefined for a hold about something else. */
export function heldCode(hold: Hold, { engine }: Config): (CodeQuestion & { readonly targets: string[] }) | undefined {
  const question = hold.kind === 'unmapped-code' ? readCodeHoldKey(hold.key) : undefined;
  if (question === undefined) return undefined;
  const { terminology: files } = loadLibrary(engine, diskIo({}));
  const targets = targetsOf({ ...question, code: question.code ?? '' }, files);
  return { ...question, targets: [...new Set(targets)] };
}

function questionOf(hold: Hold): CodeQuestion & { readonly code: string } {
  const question = hold.kind === 'unmapped-code' ? readCodeHoldKey(hold.key) : undefined;
  if (question === undefined) throw new WrongUse(`Hold ${hold.id} is not about a code: say --retry or --abandon.`);
  const { code } = question;
  if (code === undefined) {
    throw new WrongUse(
      'The code is not shown, because it may say something about somebody, and is not written into a file: ask the partner, mend the map by hand if it is a code, and say --retry; or have the message sent again.',
    );
  }
  return { ...question, code };
}

/** The systems that the map leads to from codes of this one; none when no general map has this id. */
function targetsOf({ map, system }: CodeQuestion, files: ReturnType<typeof loadLibrary>['terminology']): string[] {
  const groups = files.flatMap(({ text, partner }) => {
    const parsed = JSON.parse(text);
    return partner === undefined && parsed.resourceType === 'ConceptMap' && parsed.id === map
      ? objectsOf(parsed.group).map(({ object }) => object)
      : [];
  });
  const ofSystem = groups.filter((group) => textIn(group, 'source') === system);
  return (ofSystem.length > 0 ? ofSystem : groups).flatMap((group) => textIn(group, 'target') ?? []);
}

interface Known {
  knows(system: string, code: string): boolean;
  displays(system: string, code: string): readonly string[];
  readonly choice: { readonly meaning: string };
}

function decisionOf(
  { partner, map, system, code }: CodeQuestion & { readonly code: string },
  { hold, answer, targets }: { hold: string; answer: Answer; targets: readonly string[] },
  known: Known,
): PartnerDecision {
  const { mapTo, equivalence = '', reason, by, at } = answer;
  const base = { partner, map, system, code, reason, by, at, hold };
  const usual = targets[0] ?? known.choice.meaning;
  if (mapTo === undefined) return { ...base, target: usual };
  const bar = mapTo.indexOf('|');
  const [target, to] = [mapTo.slice(0, Math.max(bar, 0)), mapTo.slice(bar + 1)];
  if (bar < 1 || to === '') throw new WrongUse('Write --map-to SYSTEM|CODE.');
  if (!(targets.length === 0 ? [usual] : targets).includes(target)) {
    throw new WrongUse(`The map ${map} leads to codes of ${[...new Set([usual, ...targets])].join(' or ')}.`);
  }
  if (!TARGET_EQUIVALENCES.includes(equivalence)) {
    throw new WrongUse(`Say how the code given relates: --equivalence ${TARGET_EQUIVALENCES.join(', ')}.`);
  }
  if (!known.knows(target, to)) {
    throw new WrongUse(
      `Nothing in the terminology directory describes ${mapTo}: mend it, or add it to a supplement with its display and its source.`,
    );
  }
  const [display] = known.displays(target, to);
  return { ...base, target, to: { code: to, ...(display !== undefined && { display }), equivalence } };
}

/** How long an engine that takes changed files while it runs may need to say so. */
const PATIENCE_MS = 10_000;

/** Whether what is retried now meets the new terminology: no engine runs, or the one that does has said that it took it. */
export async function isTaken(since: string, setup: RecordSetup, store: Store): Promise<boolean> {
  return !(await engineRuns(setup)) || (await hasTaken(since, store));
}

/** Whether the engine that runs says in time that it took the new terminology. */
export async function hasTaken(since: string, store: Pick<Store, 'journal'>): Promise<boolean> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const loaded = await store.journal({ kind: 'terminology.loaded', since, limit: 1 });
    if (loaded.length > 0) return true;
    await sleep(200);
  }
  return false;
}
