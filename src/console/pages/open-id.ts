import type { ConsoleParts } from '../console-parts.ts';
import { type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { ownPage, pathTo } from '../paths.ts';
import { actorOf } from '../session/console-user.ts';
import { newSecret } from '../session/secret.ts';
import { beginSession } from '../session/sessions.ts';
import type { OpenIdAnswer } from '../sign-in/open-id.ts';

const AWAY: PageAnswer = {
  kind: 'refused',
  status: 503,
  text: 'The service at which you sign in does not answer now. Try again in a moment.',
};

export const openIdPages = {
  async openIdStart({ query }, { openId, log }) {
    if (openId === undefined) return NOT_FOUND;
    const holds = newSecret();
    try {
      const to = await openId.start(holds, ownPage(query.get('next') ?? '') ?? pathTo('overview'));
      return { kind: 'elsewhere', to, holds };
    } catch (fault) {
      log.warn('console.open-id-away', { fault: fault instanceof Error ? fault.name : typeof fault });
      return AWAY;
    }
  },

  async openIdReturn({ query, held, now }, parts) {
    const { openId, log } = parts;
    if (openId === undefined) return NOT_FOUND;
    let answer: OpenIdAnswer;
    try {
      answer = held === undefined ? { kind: 'no' } : await openId.finish(held, query);
    } catch (fault) {
      log.warn('console.open-id-away', { fault: fault instanceof Error ? fault.name : typeof fault });
      return AWAY;
    }
    return answer.kind === 'user' ? begin(answer, now, parts) : refuse(answer, now, parts);
  },
} satisfies Pick<Handlers, 'openIdStart' | 'openIdReturn'>;

async function begin(
  { user, next }: Extract<OpenIdAnswer, { kind: 'user' }>,
  now: Date,
  { record, rules }: ConsoleParts,
): Promise<PageAnswer> {
  const { secret, changes } = beginSession(user, now, rules);
  const entry = { at: now.toISOString(), kind: 'user.signed-in', actor: actorOf(user), detail: { how: 'open-id' } };
  await record.changeConsole({ ...changes, journal: [entry] });
  return { kind: 'see-other', to: ownPage(next) ?? pathTo('overview'), signedIn: secret };
}

async function refuse(
  answer: Exclude<OpenIdAnswer, { kind: 'user' }>,
  now: Date,
  { record }: ConsoleParts,
): Promise<PageAnswer> {
  const isKnown = answer.kind === 'no-role';
  const entry = {
    at: now.toISOString(),
    kind: 'user.sign-in-failed',
    actor: isKnown ? actorOf(answer) : 'hearback',
    detail: { outcome: isKnown ? 'no-role' : 'open-id' },
  };
  await record.changeConsole({ journal: [entry] });
  const text = isKnown
    ? 'You are known, and have no role for this console. Whoever manages your groups can give you one.'
    : 'You were not signed in: the answer of the service was too old, or not meant for this browser. Begin again.';
  return { kind: 'refused', status: 403, text };
}
