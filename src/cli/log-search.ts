import { Command } from 'commander';
import type { LogName, LogPage, LogPlace, LogQuery, LogSubjects, RecordedEntry } from '../ports-queries.ts';
import type { Store } from '../ports-record.ts';
import { WrongUse } from './exit-code.ts';
import type { Look } from './journal-look.ts';
import { withRecord } from './open-setup.ts';
import { readInstant, readLimit } from './option-values.ts';
import { type PatientOptions, readPatient } from './read-patient.ts';

interface SearchOptions extends PatientOptions {
  readonly config: string;
  readonly referral?: string;
  readonly reference?: string;
  readonly message?: string;
  readonly partner?: string;
  readonly actor?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly newest?: boolean;
  readonly after?: LogPlace;
  readonly limit: number;
  readonly json?: boolean;
}

/** `hearback log search`, and `hearback log` alone: the message log by time. Ids, codes and counts: what the messages held is not shown here. */
export function logSearchCommand(): Command {
  return new Command('search')
    .description('Search the message log: every message, event, delivery, hold and look. It is logged that you looked.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--patient', 'about the patient whose NHS number stands on stdin, or is asked for (never in the command)')
    .option('--patient-file <file>', 'about the patient whose NHS number stands in this file')
    .option('--referral <id>', 'about this referral, by our id')
    .option('--reference <value>', 'about what a partner, or we, call this: a reference, a Task, a referral number')
    .option('--message <id>', 'about this message: our id, the sender’s, a correlation or control id')
    .option('--partner <id>', 'what this partner did, or what speaks of it')
    .option('--actor <id>', 'done by this partner, `hearback`, or `user:NAME`')
    .option('--kind <kind>', 'only entries of this kind, like message.refused')
    .option('--since <instant>', 'from this instant on (2026-11-21T09:00:00Z, or a day)', readInstant)
    .option('--until <instant>', 'before this instant', readInstant)
    .option('--newest', 'the newest first')
    .option('--limit <n>', 'a page of so many', readLimit, 100)
    .option('--after <place>', 'the page after this place, which the page before ended with', readPlace)
    .option('--json', 'one JSON object a line')
    .action(async (options: SearchOptions) => {
      const patient = await readPatient(options);
      const page = await withRecord(options.config, async (store, { note }) => {
        const about = await aboutWhat({ ...options, patientNumber: patient }, store);
        const found = await store.searchLog(queryOf(options, about));
        await note(...looksAt(found, about, { ...options, patient: patient !== undefined }));
        return found;
      });
      print(page, options);
    });
}

/** What the four ways to name somebody come to, together; undefined when none is used. */
async function aboutWhat(
  { patientNumber, referral, reference, message }: SearchOptions & { readonly patientNumber: string | undefined },
  store: Store,
): Promise<LogSubjects | undefined> {
  const names: LogName[] = [
    ...(patientNumber === undefined ? [] : [{ patient: patientNumber }]),
    ...(reference === undefined ? [] : [{ reference }]),
    ...(message === undefined ? [] : [{ message }]),
  ];
  if (names.length + (referral === undefined ? 0 : 1) > 1) {
    throw new WrongUse('Say one of --patient, --patient-file, --referral, --reference and --message.');
  }
  if (referral !== undefined) return { referrals: [referral], messages: [] };
  const [name] = names;
  return name === undefined ? undefined : store.logSubjects(name);
}

function queryOf(options: SearchOptions, about: LogSubjects | undefined): LogQuery {
  const { partner, actor, kind, since, until, newest, after, limit } = options;
  return {
    ...(about !== undefined && { about }),
    ...(partner !== undefined && { partner }),
    ...(actor !== undefined && { actor }),
    ...(kind !== undefined && { kind }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(newest && { newestFirst: true }),
    ...(after !== undefined && { after }),
    limit,
  };
}

const CRITERIA = ['patient', 'referral', 'reference', 'message', 'partner', 'actor', 'kind', 'since', 'until'] as const;

/** Which questions were asked, never with which values; and about whom, one entry each. */
function looksAt(page: LogPage, about: LogSubjects | undefined, options: SearchOptions): Look[] {
  const criteria = CRITERIA.filter((name) => options[name] !== undefined && options[name] !== false).join(' ');
  const look = { kind: 'log.searched', command: 'log', detail: { criteria, found: page.entries.length } };
  const each = [
    ...(about?.referrals ?? []).map((referral) => ({ ...look, referral })),
    ...(about?.messages ?? []).map((message) => ({ ...look, message })),
  ];
  return each.length === 0 ? [look] : each;
}

function print({ entries, next }: LogPage, { json }: SearchOptions): void {
  for (const entry of entries) console.log(json ? JSON.stringify(entry) : entryLine(entry));
  if (next !== undefined) console.error(`There is more: --after ${next.at}/${next.seq}`);
  else if (!json && entries.length === 0) console.error('Nothing in the log is so.');
}

/** Sequence number, when, what, by whom, the referral, the message, and what else is known. */
export function entryLine({ seq, at, kind, actor, referral = '-', message = '-', detail }: RecordedEntry): string {
  return `${seq}  ${at}  ${kind.padEnd(18)} ${actor.padEnd(16)} ${referral.padEnd(36)} ${message.padEnd(36)} ${JSON.stringify(detail)}`;
}

function readPlace(text: string): LogPlace {
  const [, at = '', seq = ''] = /^(.+)\/(\d{1,15})$/.exec(text) ?? [];
  if (seq === '') throw new WrongUse('Give the place that the page before ended with, as it was printed.');
  return { at: readInstant(at), seq: Number(seq) };
}
