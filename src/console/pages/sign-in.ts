import { type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { ownPage, pathTo } from '../paths.ts';
import { endSession } from '../session/sessions.ts';
import { signInLocally } from '../sign-in/local-sign-in.ts';
import { spanInWords } from '../words.ts';

export const signInPages = {
  signIn({ query }, { openId }) {
    const next = query.get('next') ?? '';
    if (openId === undefined) return signInPage({ next });
    const start = pathTo('openIdStart', {}, { next: ownPage(next) });
    return { kind: 'page', view: 'sign-in-elsewhere', title: 'Sign in', model: { start } };
  },

  async trySignIn(asked, { record, passwords, rules, openId, log }) {
    // A password that still stands in the record must not open a second door.
    if (openId !== undefined) return NOT_FOUND;
    const tried = {
      name: (asked.form.get('name') ?? '').trim().toLowerCase(),
      password: asked.form.get('password') ?? '',
      address: asked.address,
      now: asked.now,
    };
    const answer = await signInLocally(tried, { record, passwords, rules });
    const next = asked.form.get('next') ?? '';
    // Without the name: it may be a password in the wrong field.
    if (answer.kind !== 'in') log.warn('console.not-signed-in', { why: answer.kind });
    switch (answer.kind) {
      case 'in':
        return { kind: 'see-other', to: ownPage(next) ?? pathTo('overview'), signedIn: answer.secret };
      case 'no':
        return signInPage({ next, problem: 'The name or the password is not right.', status: 422 });
      case 'wait':
        return signInPage({
          next,
          problem: `There were too many attempts. Try again in ${waitInWords(answer.ms)}.`,
          status: 429,
        });
      case 'busy':
        return signInPage({ next, problem: 'Too many people sign in at this moment. Try again.', status: 503 });
    }
  },

  async signOut({ session, now }, { record }) {
    await endSession(session, record, now);
    return { kind: 'see-other', to: pathTo('signIn'), signedOut: true };
  },
} satisfies Pick<Handlers, 'signIn' | 'trySignIn' | 'signOut'>;

interface SignInPage {
  /** Where to go afterwards, as it came: it is judged when it is gone to. */
  readonly next: string;
  readonly problem?: string;
  readonly status?: number;
}

function signInPage({ next, problem, status }: SignInPage): PageAnswer {
  return {
    kind: 'page',
    view: 'sign-in',
    title: 'Sign in',
    model: { next, problem, action: pathTo('trySignIn') },
    ...(status !== undefined && { status }),
  };
}

/** Rounded up: a second too early is an attempt in vain. */
function waitInWords(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1_000)} seconds` : spanInWords(Math.ceil(ms / 60_000) * 60_000);
}
