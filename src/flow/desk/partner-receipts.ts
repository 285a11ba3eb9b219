import { createHash } from 'node:crypto';
import type { MakeDocument } from '../../core/document/readable-document.ts';
import type { CompiledMapping, ReceiptedRun } from '../../core/mapping/compile.ts';
import type { ReceiptTotals } from '../../core/mapping/receipt/receipt.ts';
import type { Leg, Message } from '../../core/message.ts';
import { isPruned } from '../../core/pruned-body.ts';
import type { Store } from '../../ports-record.ts';
import { platformView } from '../onward/platform-view.ts';
import { messageContent } from '../translation/message-content.ts';
import { writeForLeg } from '../translation/write-for-leg.ts';

/** What a mapping does with one message of the record. Ids and counts; nothing that the message held. */
export interface ReceiptOfMessage {
  readonly message: string;
  readonly referral: string;
  readonly direction: 'in' | 'out';
  readonly mapping: string;
  /**
   * Whether the mapping is, byte for byte, the one that the message was made or read with; `unknown` for what was recorded
   * before that was; `gone` when there is none of its name; `pruned` when the bytes of what came are not kept any more.
   */
  readonly version: 'same' | 'other' | 'unknown' | 'gone' | 'pruned';
  /** Of what was sent: whether the mapping gives the bytes that were sent, of the dossier as it was then. */
  readonly sameBytes?: boolean;
  /** Missing when the mapping is gone or the message cannot be read. */
  readonly totals?: ReceiptTotals;
}

interface Wanted {
  readonly partner: string;
  /** The mapping that reads what the partner reports. */
  readonly report: string | undefined;
  /** At most so many loops. */
  readonly limit: number;
}

interface Given {
  readonly store: Pick<Store, 'loops' | 'legs' | 'messagesOf' | 'message' | 'dossierAt' | 'referral' | 'events'>;
  readonly mappings: ReadonlyMap<string, CompiledMapping>;
  readonly makePdf: MakeDocument;
}

/** Runs a platform's messages through the mappings as they are now; what was sent, from the dossier as it was then. */
export async function receiptsOfPartner(wanted: Wanted, given: Given): Promise<ReceiptOfMessage[]> {
  const receipts: ReceiptOfMessage[] = [];
  for (const { id } of await given.store.loops({ partner: wanted.partner, limit: wanted.limit })) {
    receipts.push(...(await sentOf(id, wanted, given)), ...(await reportedIn(id, wanted, given)));
  }
  return receipts;
}

async function sentOf(id: string, { partner }: Wanted, given: Given): Promise<ReceiptOfMessage[]> {
  const { store } = given;
  const made = (leg: Leg) => leg.mapping !== undefined && leg.purpose !== 'write-back';
  const legs = (await store.legs(id)).filter((leg) => leg.partner === partner && made(leg));
  const referral = legs.length === 0 ? undefined : await store.referral(id);
  if (referral === undefined) return [];
  const events = await store.events(id);
  const receipts = legs.map(async (leg) => {
    const then = events.filter(({ recordedAt }) => recordedAt <= leg.queuedAt);
    const dossier = await store.dossierAt(id, leg.queuedAt);
    const view = platformView(dossier, leg.task, { referral, events: then });
    return ofLeg(leg, view, { ...given, sent: await store.message(leg.message) });
  });
  return await Promise.all(receipts);
}

function ofLeg(
  leg: Leg,
  dossier: unknown,
  { sent, mappings, makePdf }: Pick<Given, 'mappings' | 'makePdf'> & { readonly sent: Message | undefined },
): ReceiptOfMessage {
  const { message, referral, task, partner, cause = task, queuedAt: now, mapping: stamp } = leg;
  const said = { message, referral, direction: 'out', mapping: stamp?.name ?? '' } as const;
  const mapping = mappings.get(said.mapping);
  if (mapping === undefined) return { ...said, version: 'gone' };
  const run = mapping.runWithReceipt(dossier, { referral, task, now, partner, message: cause });
  return {
    ...said,
    version: stamp?.digest === mapping.digest ? 'same' : 'other',
    ...(sent !== undefined && { sameBytes: digestOf({ mapping, run, makePdf }, leg) === sent.digest }),
    totals: run.receipt.totals,
  };
}

function digestOf({ mapping, run: { result }, makePdf }: Made, { id, part }: Leg): string {
  const written = result === undefined ? [] : writeForLeg(mapping, result, { leg: id, makePdf });
  const text = written[(part?.number ?? 1) - 1]?.text ?? '';
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

interface Made {
  readonly mapping: CompiledMapping;
  readonly run: ReceiptedRun;
  readonly makePdf: MakeDocument;
}

async function reportedIn(id: string, { partner, report }: Wanted, given: Given): Promise<ReceiptOfMessage[]> {
  const replies = new Set((await given.store.legs(id)).map(({ reply }) => reply));
  const messages = (await given.store.messagesOf(id)).filter((one) => isReport(one, partner) && !replies.has(one.id));
  return messages.flatMap((message) => {
    const name = message.mapping?.name ?? report;
    return name === undefined ? [] : [ofReport(message, { id, name }, given.mappings.get(name))];
  });
}

function isReport({ direction, partner, verdict }: Message, wanted: string): boolean {
  return direction === 'in' && partner === wanted && verdict === 'accepted';
}

function ofReport(
  report: Message,
  { id, name }: { readonly id: string; readonly name: string },
  mapping: CompiledMapping | undefined,
): ReceiptOfMessage {
  const { id: message, at, partner, mapping: stamp } = report;
  const said = { message, referral: id, direction: 'in', mapping: name } as const;
  if (mapping === undefined) return { ...said, version: 'gone' };
  const version = stamp === undefined ? 'unknown' : stamp.digest === mapping.digest ? 'same' : 'other';
  if (isPruned(report)) return { ...said, version: 'pruned' };
  const { value: content } = messageContent(report, mapping.from);
  if (content === undefined) return { ...said, version };
  const { receipt } = mapping.runWithReceipt(content, { receivedAt: at, partner, message });
  return { ...said, version, totals: receipt.totals };
}
