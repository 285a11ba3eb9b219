import type { OutcomeFigures } from '../../core/outcomes/outcome-figures.ts';
import type { Scope } from '../../core/outcomes/outcome-measures.ts';
import { accessOf, judgeAccess } from '../access.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { type FinancialYear, financialYearNamed, financialYearOf, financialYears } from '../outcomes/financial-year.ts';
import { SMALLEST } from '../outcomes/read-outcomes.ts';
import { scopeName, viewOutcomes, viewScopes } from '../outcomes/view-outcomes.ts';
import { type AskedByUser, type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';

const PAGE_SIZE = 50;

export const outcomesPages = {
  async outcomes(asked, parts) {
    const { query, user, now } = asked;
    const year = financialYearNamed(query.get('year') ?? '') ?? financialYearOf(now.toISOString());
    const read = await parts.readOutcomes({ year, ...(user.partners !== undefined && { limits: user.partners }) });
    const choices = { action: pathTo('outcomes'), years: await yearChoices(year, asked, parts), year: year.name };
    if (read.kind === 'reading') return stillCounting(year, read.referrals);
    const { figures, readAt } = read;
    const scope = figures.scopes.find((one) => one === query.get('of')) ?? 'all';
    const { partners, desk } = parts;
    return {
      kind: 'page',
      view: 'outcomes',
      title: 'Outcomes',
      model: {
        ...choices,
        ...viewOutcomes({ figures, year: year.name, scope, partners, displayOf: desk.displayOf }),
        scopes: viewScopes(figures, partners, scope),
        scopeName: scopeName(scope, partners),
        readAt,
        smallest: SMALLEST,
      },
    };
  },

  async outcomeLoops(asked, parts) {
    const { parameters, user, query } = asked;
    const year = financialYearNamed(parameters['year'] ?? '');
    if (year === undefined) return NOT_FOUND;
    const read = await parts.readOutcomes({ year, ...(user.partners !== undefined && { limits: user.partners }) });
    if (read.kind === 'reading')
      return { kind: 'refused', status: 503, text: 'The figures are being counted. Load this page again in a moment.' };
    const found = behindFigure(read.figures, parameters);
    if (found === undefined) return NOT_FOUND;
    const from = Math.max(0, Number.parseInt(query.get('from') ?? '0', 10) || 0);
    const { scope, measure, referrals } = found;
    const page = (start: number) =>
      pathTo('outcomeLoops', { year: year.name, scope, measure }, { from: String(Math.max(0, start)) });
    return {
      kind: 'page',
      view: 'outcome-loops',
      title: 'Loops behind a figure',
      model: {
        ...{ measure, year: year.name, count: referrals.length, readAt: read.readAt },
        scope: scopeName(scope, parts.partners),
        back: pathTo('outcomes', {}, { year: year.name, of: scope }),
        loops: await listed(referrals.slice(from, from + PAGE_SIZE), user, parts),
        pages: {
          previous: from > 0 ? page(from - PAGE_SIZE) : undefined,
          next: from + PAGE_SIZE < referrals.length ? page(from + PAGE_SIZE) : undefined,
        },
      },
    };
  },
} satisfies Pick<Handlers, 'outcomes' | 'outcomeLoops'>;

function stillCounting({ name }: FinancialYear, referrals: number): PageAnswer {
  const again = pathTo('outcomes', {}, { year: name });
  return { kind: 'page', view: 'outcomes-counting', title: 'Outcomes', model: { year: name, again, referrals } };
}

async function yearChoices(chosen: FinancialYear, { now, user }: AskedByUser, { store }: ConsoleParts) {
  const [oldest] = await store.loops({ limit: 1, ...(user.partners !== undefined && { among: user.partners }) });
  const today = now.toISOString();
  return financialYears(oldest?.openedAt ?? today, today).map(({ name }) => ({
    value: name,
    text: `April ${name.slice(0, 4)} to March ${Number(name.slice(0, 4)) + 1}`,
    chosen: name === chosen.name,
  }));
}

/** Nothing stands behind a figure that is not printed: its list would say how many they are. */
function behindFigure(figures: OutcomeFigures, { scope = '', measure = '' }: AskedByUser['parameters']) {
  const known = figures.scopes.find((one: Scope) => one === scope);
  const referrals = known && figures.behind(known, measure);
  if (known === undefined || referrals === undefined || referrals.length === 0) return undefined;
  return { scope: known, measure, referrals };
}

/** Each loop with the messages that it was told by. */
async function listed(referrals: readonly string[], user: AskedByUser['user'], { store, partners }: ConsoleParts) {
  const nameOf = (id: string) => partners.find((one) => one.id === id)?.name ?? id;
  const mayOpen = judgeAccess(accessOf('message'), user) === 'allowed';
  return Promise.all(
    referrals.map(async (id) => {
      const [referral, messages] = await Promise.all([store.referral(id), store.messagesOf(id)]);
      return {
        id,
        href: pathTo('loop', { referral: id }),
        openedAt: referral?.openedAt,
        practice: nameOf(referral?.referrer ?? ''),
        messages: messages
          .filter(({ direction, verdict }) => direction === 'in' && verdict === 'accepted')
          .map((message) => ({
            ...{ id: message.id, at: message.at, from: nameOf(message.partner) },
            ...(mayOpen && { href: pathTo('message', { message: message.id }) }),
          })),
      };
    }),
  );
}
