import { isUnmaskReason, unmasking } from '../mask/unmasked.ts';
import { type Handlers, NOT_FOUND } from '../page.ts';
import { ownPage, pathTo } from '../paths.ts';
import { maySee } from '../session/console-user.ts';

/** Longest note that is taken down, in characters. */
const LONGEST_NOTE = 500;

export const unmaskPages = {
  async unmask({ parameters, form, user, session, now }, { store, record, rules }) {
    const referral = await store.referral(parameters['referral'] ?? '');
    if (referral === undefined || !maySee(user, referral)) return NOT_FOUND;
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
    await record.changeConsole(
      unmasking({ referral: referral.id, reason, note, user, session: session.id, now, forMs: rules.unmaskedMs }),
    );
    return { kind: 'see-other', to };
  },
} satisfies Pick<Handlers, 'unmask'>;
