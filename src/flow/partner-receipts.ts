import { createHash } from 'node:crypto';
import type { CompiledMapping, ReceiptedRun } from '../core/mapping/compile.ts';
import type { ReceiptTotals } from '../core/mapping/receipt/receipt.ts';
import type { Leg, Message } from '../core/message.ts';
import type { Store } from '../ports.ts';
import { platformView } from './platform-view.ts';

/** What a mapping does with one message of the record. Ids and counts; nothing that the message held. */
export interface ReceiptOfMessage {
  readonly message: string;
  readonly referral: string;
  readonly direction: 'in' | 'out';
  readonly mapping: string;
  /**
   * Whether the mapping is, byte for byte, the one that the message was made with; `unknown` for what came in, of which that
   * is not recorded; `gone` when there is none of its name.
   */
  readonly version: 'same' | 'other' | 'unknown' | 'gone';
  /** Of what was sent: whether the dossier as it is now gives the bytes that were sent. */
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
  readonly store: Pick<Store, 'loops' | 'legs' | 'messagesOf' | 'message' | 'dossier' | 'referral' | 'events'>;
  readonly mappings: ReadonlyMap<string, CompiledMapping>;
}

/**
 * Runs a platform's messages through the mappings as they are now. What was sent is made again from the dossier as it is now:
 * the dossier of the time is not kept.
 */
export async function receiptsOfPartner(wanted: Wanted, given: Given): Promise<ReceiptOfMessage[]> {
  const receipts: ReceiptOfMessage[] = [];
  for (const { id } of await given.store.loops({ partner: wanted.partner, limit: wanted.limit })) {
    receipts.push(...(await sentOf(id, wanted, given)), ...(await reportedIn(id, wanted, given)));
  }
  return receipts;
}

async function sentOf(id: string, { partner }: Wanted, given: Given): Promise<ReceiptOfMessage[]> {
  const { store } = given;
  const legs = (await store.legs(id)).filter((leg) => leg.partner === partner && leg.mapping !== undefined);
  const referral = legs.length === 0 ? undefined : await store.referral(id);
  if (referral === undefined) return [];
  const [dossier, events] = [await store.dossier(id), await store.events(id)];
  const receipts = legs.map(async (leg) => {
    const view = platformView(dossier, leg.task, { referral, events });
    return ofLeg(leg, view, { sent: await store.message(leg.message), mappings: given.mappings });
  });
  return await Promise.all(receipts);
}

function ofLeg(
  leg: Leg,
  dossier: unknown,
  { sent, mappings }: { readonly sent: Message | undefined; readonly mappings: Given['mappings'] },
): ReceiptOfMessage {
  const { message, referral, task, partner, cause = task, queuedAt: now, mapping: stamp } = leg;
  const said = { message, referral, direction: 'out', mapping: stamp?.name ?? '' } as const;
  const mapping = mappings.get(said.mapping);
  if (mapping === undefined) return { ...said, version: 'gone' };
  const run = mapping.runWithReceipt(dossier, { referral, task, now, partner, message: cause });
  return {
    ...said,
    version: stamp?.digest === mapping.digest ? 'same' : 'other',
    ...(sent !== undefined && { sameBytes: digestOf(run) === sent.digest }),
    totals: run.receipt.totals,
  };
}

function digestOf({ result }: ReceiptedRun): string {
  return createHash('sha256')
    .update(JSON.stringify(result) ?? '', 'utf8')
    .digest('hex');
}

async function reportedIn(id: string, { partner, report }: Wanted, given: Given): Promise<ReceiptOfMessage[]> {
  if (report === undefined) return [];
  const replies = new Set((await given.store.legs(id)).map(({ reply }) => reply));
  const messages = (await given.store.messagesOf(id)).filter((one) => isReport(one, partner) && !replies.has(one.id));
  return messages.map((message) => ofReport(message, { id, report }, given.mappings.get(report)));
}

function isReport({ direction, partner, channel, verdict }: Message, wanted: string): boolean {
  return direction === 'in' && partner === wanted && channel === 'webhook' && verdict === 'accepted';
}

function ofReport(
  { id: message, at, partner, body }: Message,
  { id, report }: { readonly id: string; readonly report: string },
  mapping: CompiledMapping | undefined,
): ReceiptOfMessage {
  const said = { message, referral: id, direction: 'in', mapping: report } as const;
  if (mapping === undefined) return { ...said, version: 'gone' };
  const content = parsed(body);
  if (content === undefined) return { ...said, version: 'unknown' };
  const { receipt } = mapping.runWithReceipt(content, { receivedAt: at, partner, message });
  return { ...said, version: 'unknown', totals: receipt.totals };
}

/** What was accepted was JSON once; a body that retention has removed is not. */
function parsed(body: Uint8Array): unknown {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(body));
    return content;
  } catch {
    return undefined;
  }
}
