import { viewOverview } from '../overview/view-overview.ts';
import type { Handlers } from '../page.ts';

export const overviewPages = {
  async overview({ user }, { readOverview, partners: all }) {
    const { partners: limits } = user;
    const partners = all.filter(({ id }) => limits === undefined || limits.includes(id));
    const { now, ...read } = await readOverview({ partners, ...(limits !== undefined && { limits }) });
    const model = viewOverview({ ...read, partners, now });
    return { kind: 'page', view: 'overview', title: 'Overview', model: { ...model, asOf: now } };
  },
} satisfies Pick<Handlers, 'overview'>;
