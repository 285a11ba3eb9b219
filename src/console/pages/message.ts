import { shownContent } from '../../core/audit/show-message.ts';
import type { Message } from '../../core/message.ts';
import type { ConsoleParts } from '../console-parts.ts';
import type { Lineage } from '../engine-desk.ts';
import { isUnmasked, messageUnmaskModel, unmaskModel } from '../mask/unmasked.ts';
import { type AskedByUser, type Handlers, type Look, NOT_FOUND, type PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';
import { maySee } from '../session/console-user.ts';
import { numberInWords } from '../words.ts';
import { messageRows } from './message/read-tree.ts';
import { viewLineage, viewTree } from './message/view-lineage.ts';

export const messagePages = {
  async message(asked, parts) {
    const message = await seenMessage(asked, parts);
    return message === undefined ? NOT_FOUND : messagePage(message, asked, parts);
  },

  async messageFile(asked, parts) {
    const message = await seenMessage(asked, parts);
    if (message === undefined || !(await isUnmasked(unmaskedAs(message), asked.shelf))) return NOT_FOUND;
    return {
      kind: 'download',
      filename: `message-${message.id}`,
      // Never as what it says that it is: a browser would show it, scripts and all.
      contentType: 'application/octet-stream',
      body: once(message.body),
      looks: [lookAt(message)],
    };
  },
} satisfies Pick<Handlers, 'message' | 'messageFile'>;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A message that this account may open: of its own partners, and of a loop that it may see. */
export async function seenMessage(
  { user, parameters }: AskedByUser,
  { store }: Pick<ConsoleParts, 'store'>,
): Promise<Message | undefined> {
  const message = await store.message(parameters['message'] ?? '');
  if (message === undefined) return undefined;
  if (user.partners !== undefined && !user.partners.includes(message.partner)) return undefined;
  if (message.referral === undefined) return message;
  const referral = await store.referral(message.referral);
  return referral === undefined || maySee(user, referral) ? message : undefined;
}

/** What is unmasked with a message: its loop, or where it has none the message by itself. */
export function unmaskedAs({ id, referral }: Pick<Message, 'id' | 'referral'>): string {
  return referral ?? `message:${id}`;
}

export function lookAt({ id: message, referral }: Pick<Message, 'id' | 'referral'>): Look {
  return { kind: 'message.read', message, ...(referral !== undefined && { referral }) };
}

/** What we send is made of what others told: a platform's message of the whole dossier, a practice's of a platform's report. */
const NOT_THEIRS: Lineage = {
  kind: 'none',
  why: 'What it was made of is not shown to an account that is limited to partners.',
};

async function messagePage(message: Message, asked: AskedByUser, parts: ConsoleParts): Promise<PageAnswer> {
  const { user, shelf } = asked;
  const { id, direction, partner, channel, at, verdict, contentType, digest, body, findings, referral } = message;
  const unmasked = await isUnmasked(unmaskedAs(message), shelf);
  const here = pathTo('message', { message: id });
  const seen = { unmasked, roles: user.roles };
  const isSentBack = direction === 'out';
  const lineage = isSentBack && user.partners !== undefined ? NOT_THEIRS : await parts.desk.lineage(message);
  const content = lineage.kind === 'run' ? viewLineage(lineage.run, seen) : undefined;
  return {
    kind: 'page',
    view: 'message',
    title: `Message ${id}`,
    model: {
      ...{ id, channel, at, verdict, contentType, digest, unmasked },
      direction: isSentBack ? 'sent to' : 'received from',
      partner: parts.partners.find((one) => one.id === partner)?.name ?? partner,
      bytes: numberInWords(body.byteLength),
      isEmpty: body.byteLength === 0,
      findings: findings.map(({ severity, rule, message: words, remedy, place }) => ({
        ...{ severity, rule, words, remedy },
        place: place.expression ?? '',
      })),
      loop: referral && { id: referral, href: pathTo('loop', { referral }) },
      unmask: referral === undefined ? messageUnmaskModel(id, here) : unmaskModel(referral, here),
      raw: unmasked ? shownContent(contentType, body) : [],
      ...(user.roles.includes('engineer') &&
        user.partners === undefined && { replay: pathTo('replay', { message: id }) }),
      file: pathTo('messageFile', { message: id }),
      ...(lineage.kind === 'run' && {
        mapping: { ...lineage.run.mapping, isOther: lineage.run.isSameVersion === false },
        unmapped: lineage.run.unmapped,
        totals: Object.entries(lineage.run.receipt.totals).map(([fate, count]) => ({ fate, count })),
      }),
      why: lineage.kind === 'none' ? lineage.why : '',
      sides:
        content === undefined
          ? [{ ...viewTree(messageRows(message), seen), title: 'The message', name: 'in' }]
          : [
              { ...content.input, title: isSentBack ? 'What it was made of' : 'The message', name: 'in' },
              { ...content.result, title: isSentBack ? 'The message' : 'What it became', name: 'out' },
            ],
    },
    looks: unmasked ? [lookAt(message)] : [],
  };
}
