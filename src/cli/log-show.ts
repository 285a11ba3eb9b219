import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { shownContent } from '../core/audit/show-message.ts';
import type { Message } from '../core/message.ts';
import { isPruned, prunedText } from '../core/pruned-body.ts';
import type { RecordedEntry } from '../ports-queries.ts';
import type { Store } from '../ports-record.ts';
import { WrongUse } from './exit-code.ts';
import { entryLine } from './log-search.ts';
import { withRecord } from './open-setup.ts';

interface ShowOptions {
  readonly config: string;
  readonly reason: string;
  readonly raw?: string;
  readonly json?: boolean;
}

/** `hearback log show ENTRY|MESSAGE`: one entry, and what the message held that it speaks of. */
export function logShowCommand(): Command {
  return new Command('show')
    .description('Show an entry and its message, taken apart. Personal data: it is logged that you looked, and why.')
    .argument('<what>', 'the number of an entry, or the id of a message (as `hearback log` prints them)')
    .requiredOption('--reason <text>', 'why you look, for the log; no patient data')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--raw <file>', 'write the bytes as they came or went into this new file')
    .option('--json', 'print it as JSON, the bytes in base64')
    .action(async (what: string, options: ShowOptions) => {
      const shown = await withRecord(options.config, async (store, { note }) => {
        const found = await find(what, store);
        const [first] = found.entries;
        const referral = found.message?.referral ?? first?.referral;
        const kind = found.message === undefined ? 'entry.read' : 'message.read';
        const detail = { reason: options.reason, ...(first !== undefined && { seq: first.seq }) };
        await note({ kind, command: 'show', referral, message: found.message?.id, detail });
        return found;
      });
      if (options.raw !== undefined) writeRaw(shown, options.raw);
      console.log(options.json ? JSON.stringify(asJson(shown)) : lines(shown).join('\n'));
    });
}

interface Shown {
  readonly entries: readonly RecordedEntry[];
  readonly message?: Message;
}

const MOST_ENTRIES = 100;

async function find(what: string, store: Store): Promise<Shown> {
  if (/^\d{1,15}$/.test(what)) {
    const entry = await store.entry(Number(what));
    if (entry === undefined) throw new Error(`There is no entry ${what}.`);
    const message = entry.message === undefined ? undefined : await store.message(entry.message);
    return { entries: [entry], ...(message && { message }) };
  }
  const message = await store.message(what);
  if (message === undefined) throw new Error(`There is no message ${what}.`);
  const about = { referrals: [], messages: [what] };
  return { entries: (await store.searchLog({ about, limit: MOST_ENTRIES })).entries, message };
}

function lines({ entries, message }: Shown): string[] {
  return [...entries.map(entryLine), ...(message === undefined ? [] : messageLines(message, entries))];
}

function messageLines(message: Message, entries: readonly RecordedEntry[]): string[] {
  const { id, direction, partner, channel, identity, at, contentType, body, answer } = message;
  return [
    '',
    `message ${id}  ${direction === 'in' ? `from ${partner}` : `to ${partner}`} (${channel})  ${at}`,
    `their id ${identity}  ${contentType}  ${body.byteLength} bytes`,
    ...(isPruned(message)
      ? [`sha256 ${message.digest}`, '', prunedText(id)]
      : [`sha256 ${sha256(body)}  ${proof(message, entries)}`, '', ...shownContent(contentType, body)]),
    ...(answer === undefined || isPruned(message)
      ? []
      : ['', `answered ${answer.status}  sha256 ${sha256(answer.body)}`]),
  ];
}

/** Whether the bytes are those that the log speaks of. */
function proof({ id, body }: Message, entries: readonly RecordedEntry[]): string {
  const said = entries.find(({ message, detail }) => message === id && detail['digest'] !== undefined);
  if (said === undefined) return '(its digest is in another entry: hearback log --message)';
  const isSame = said.detail['digest'] === sha256(body);
  return isSame ? `as entry ${said.seq} says` : `NOT WHAT ENTRY ${said.seq} SAYS: the body was changed`;
}

function asJson({ entries, message }: Shown) {
  if (message === undefined) return { entries };
  const { body, answer, ...rest } = message;
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const answered = answer && { ...answer, body: base64(answer.body) };
  return { entries, message: { ...rest, body: base64(body), ...(answered && { answer: answered }) } };
}

/** Readable by its owner only, and never in place of another file. */
function writeRaw({ message }: Shown, file: string): void {
  if (message === undefined) throw new WrongUse('The entry speaks of no message: there are no bytes to write.');
  if (isPruned(message)) throw new Error(prunedText(message.id));
  writeFileSync(file, message.body, { mode: 0o600, flag: 'wx' });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
