import type { PageAnswer } from './page.ts';

const REFUSALS: Readonly<Record<number, { readonly title: string; readonly text: string }>> = {
  400: { title: 'This cannot be read', text: 'The address or the form cannot be read. Go back and try again.' },
  403: {
    title: 'This is not open to you',
    text: 'Your account has not the role for this page. Whoever manages accounts can give it.',
  },
  404: { title: 'There is no such page', text: 'Nothing is here, or nothing that your account may see.' },
  409: {
    title: 'Somebody was faster',
    text: 'What you decided on has changed since you looked. Look again, and decide again.',
  },
  413: { title: 'This is too long', text: 'What was sent is longer than this page takes.' },
  503: { title: 'Not at this moment', text: 'What this page needs does not answer now. Try again in a moment.' },
};

/** A refusal as a page. */
export function refusalPage(status: number, text?: string): PageAnswer {
  const refusal = REFUSALS[status] ?? { title: 'This cannot be done', text: 'It was refused.' };
  return { kind: 'page', view: 'refused', title: refusal.title, status, model: { text: text ?? refusal.text } };
}
