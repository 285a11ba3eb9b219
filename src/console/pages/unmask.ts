import type { ConsoleParts } from '../console-parts.ts';
import { isUnmaskReason, unmasking } from '../mask/unmasked.ts';
import { type AskedByUser, type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { ownPage, pathTo } from '../paths.ts';
import { maySee } from '../session/console-user.ts';
import { seenMessage } from './message.ts';

/** Longest note that is taken down, in characters. */
const LONGEST_NOTE = 500;

export const unmaskPages = {
  async unmask(asked, parts) {
    const referral = await parts.store.referral(asked.parameters['referral'] ?? '');
    return referral === undefined || !maySee(asked.user, referral)
      ? NOT_FOUND
      : unmask({ referral: referral.id }, asked, parts);
  },

  async unmaskMessage(asked, parts) {
    const message = await seenMessage(asked, parts);
    if (message === undefined) return NOT_FOUND;
    const { id, referral } = message;
    return unmask(referral === undefined ? { message: id } : { referral }, asked, parts);
  },
} satisfies Pick<Handlers, 'unmask' | 'unmaskMessage'>;

async function unmask(
  of: Parameters<typeof unmasking>[0]['of'],
  { form, user, session, now }: AskedByUser,
  { record, rules }: ConsoleParts,
): Promise<PageAnswer> {
  const to = ownPage(form.get('back') ?? '') ?? pathTo('overview');
  const reason = form.get('reason') ?? '';
  if (!isUnmaskReason(reason)) {
    return {
      kind: 'see-other',
      to,
      flash: { kind: 'problem', text: 'Choose a reason: it is written down who looked, and why.' },
    };
  }
  const note = [...(form.get('note') ?? '').trim()].slice(0, LONGEST_NOTE).join('');
  await record.changeConsole(unmasking({ of, reason, note, user, session: session.id, now, forMs: rules.unmaskedMs }));
  return { kind: 'see-other', to };
}
