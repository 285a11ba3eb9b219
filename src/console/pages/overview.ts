import type { Handlers } from '../page.ts';

export const overviewPages = {
  async overview({ user, now }, { store, partners }) {
    const theirs = partners.filter(({ id }) => user.partners === undefined || user.partners.includes(id));
    return {
      kind: 'page',
      view: 'overview',
      title: 'Overview',
      model: {
        partners: theirs,
        now: now.toISOString(),
        open: (await store.loops({ status: 'open', limit: 1 })).length,
      },
    };
  },
} satisfies Pick<Handlers, 'overview'>;
