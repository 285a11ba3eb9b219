import type { Hold } from '../../core/message.ts';
import { TARGET_EQUIVALENCES } from '../../core/terminology/concept-map.ts';
import type { ConsoleParts } from '../console-parts.ts';
import type { HoldDecided, HoldDecision } from '../engine-desk.ts';
import { openProposal, propose, settleProposal } from '../four-eyes/proposals.ts';
import { NOT_SETTLED, PROPOSED, TAKEN, versionIn, viewProposal, WITHDRAWN } from '../four-eyes/view-proposal.ts';
import { type AskedByUser, type Flash, type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';
import { actorOf } from '../session/console-user.ts';
import { counted } from '../words.ts';
import { choicesFor, HOLD_KINDS } from './holds/hold-words.ts';
import { type DecisionProblem, readDecision } from './holds/read-decision.ts';
import { type HoldInTheWay, messageOfWork, viewHold, viewHolds } from './holds/view-holds.ts';

export const holdsPages = {
  async holds({ query }, { store, record, partners }) {
    const proposed = new Set((await record.openProposals()).map(({ subject }) => subject));
    const all = await store.holds({ open: true });
    const kind = query.get('kind') ?? '';
    const wanted = Object.hasOwn(HOLD_KINDS, kind) ? all.filter((one) => one.kind === kind) : all;
    const holds = await Promise.all(wanted.map(async (hold) => ({ hold, ...(await store.behindHold(hold.id)) })));
    return {
      kind: 'page',
      view: 'holds',
      title: 'Holds',
      model: {
        holds: viewHolds(holds, namesOf(partners), proposed),
        kinds: Object.entries(HOLD_KINDS)
          .map(([value, text]) => ({ text, count: all.filter((one) => one.kind === value).length, value }))
          .filter(({ count }) => count > 0)
          .map(({ text, count, value }) => ({ ...{ text, count }, href: pathTo('holds', {}, { kind: value }) })),
        chosen: Object.hasOwn(HOLD_KINDS, kind) ? HOLD_KINDS[kind as Hold['kind']] : '',
      },
    };
  },

  async hold(asked, parts) {
    const hold = await holdNamed(asked, parts);
    return hold === undefined ? NOT_FOUND : holdPage(hold, asked, parts);
  },

  async decideHold(asked, parts) {
    const hold = await holdNamed(asked, parts);
    if (hold === undefined) return NOT_FOUND;
    const here = pathTo('hold', { hold: hold.id });
    if (hold.resolvedAt !== undefined) return { kind: 'see-other', to: here, flash: RESOLVED_ALREADY };
    const question = parts.desk.question(hold);
    const read = readDecision(asked.form, choicesFor(hold, question), question?.targets ?? []);
    if (read.decision === undefined) return holdPage(hold, asked, parts, read.problems);
    if (parts.rules.fourEyes) return proposeDecision(hold, read.decision, asked, parts);
    const decided = await parts.desk.decide(hold, read.decision, actorOf(asked.user));
    if (decided.kind === 'refused') return holdPage(hold, asked, parts, [{ text: decided.why, href: '#choice-1' }]);
    return { kind: 'see-other', to: here, flash: flashOf(decided) };
  },

  async confirmHold(asked, parts) {
    const hold = await holdNamed(asked, parts);
    if (hold === undefined) return NOT_FOUND;
    const to = pathTo('hold', { hold: hold.id });
    if (hold.resolvedAt !== undefined) return { kind: 'see-other', to, flash: RESOLVED_ALREADY };
    const settled = await settleProposal(
      { hold: hold.id },
      { version: versionIn(asked.form), as: 'confirmed' },
      givenOf(hold, asked, parts),
    );
    if (settled.kind !== 'settled') return { kind: 'see-other', to, flash: NOT_SETTLED[settled.kind] };
    const decided = await parts.desk.decide(hold, settled.decision as HoldDecision, actorOf(asked.user));
    const flash: Flash = decided.kind === 'refused' ? { kind: 'problem', text: decided.why } : flashOf(decided);
    return { kind: 'see-other', to, flash };
  },

  async withdrawHold(asked, parts) {
    const hold = await holdNamed(asked, parts);
    if (hold === undefined) return NOT_FOUND;
    const as = { version: versionIn(asked.form), as: 'withdrawn' } as const;
    const settled = await settleProposal({ hold: hold.id }, as, givenOf(hold, asked, parts));
    const flash = settled.kind === 'settled' ? WITHDRAWN : NOT_SETTLED[settled.kind];
    return { kind: 'see-other', to: pathTo('hold', { hold: hold.id }), flash };
  },
} satisfies Pick<Handlers, 'holds' | 'hold' | 'decideHold' | 'confirmHold' | 'withdrawHold'>;

function givenOf({ referral }: Hold, { user, now }: AskedByUser, { record }: ConsoleParts) {
  return { record, user, now, referral };
}

async function proposeDecision(
  hold: Hold,
  decision: HoldDecision,
  asked: AskedByUser,
  parts: ConsoleParts,
): Promise<PageAnswer> {
  const detail = { kind: hold.kind, then: decision.choice, reason: decision.reason };
  const done = await propose({ hold: hold.id }, { decision, detail }, givenOf(hold, asked, parts));
  const flash = done === 'proposed' ? PROPOSED : TAKEN;
  return { kind: 'see-other', to: pathTo('hold', { hold: hold.id }), flash };
}

const RESOLVED_ALREADY: Flash = { kind: 'problem', text: 'Somebody has resolved this hold meanwhile: see below.' };

function flashOf(decided: Exclude<HoldDecided, { kind: 'refused' }>): Flash {
  if (decided.kind === 'resolved') {
    return {
      kind: 'success',
      text: `The hold is resolved. ${counted(decided.waiting, 'piece')} of work waited on it.`,
    };
  }
  if (decided.kind === 'resolved-already') return RESOLVED_ALREADY;
  const text =
    'Your answer is written into the concept map, and the engine has not taken it yet. Try again when it has: the log then has an entry terminology.loaded.';
  return { kind: 'problem', text };
}

async function holdNamed({ parameters }: AskedByUser, { store }: ConsoleParts): Promise<Hold | undefined> {
  const id = parameters['hold'] ?? '';
  const isIt = (one: Hold) => one.id === id;
  return (await store.holds({ open: true })).find(isIt) ?? (await store.holds({ open: false })).find(isIt);
}

async function holdPage(
  hold: Hold,
  { user, form }: AskedByUser,
  parts: ConsoleParts,
  problems: readonly DecisionProblem[] = [],
): Promise<PageAnswer> {
  const { store, desk, partners, record, rules } = parts;
  const behind: HoldInTheWay = { hold, ...(await store.behindHold(hold.id)) };
  const messages = await Promise.all(behind.waiting.map((work) => messageOfWork(work, store)));
  const held = [...new Set(messages.flatMap((id) => id ?? []))];
  const question = desk.question(hold);
  const isOpen = hold.resolvedAt === undefined;
  const offered = choicesFor(hold, question);
  const pending = isOpen ? await openProposal({ hold: hold.id }, record) : undefined;
  return {
    kind: 'page',
    view: 'hold',
    title: 'Hold',
    status: problems.length > 0 ? 422 : 200,
    model: {
      ...viewHold(behind, held, namesOf(partners)),
      question: question && { ...question, partner: namesOf(partners)[question.partner] ?? question.partner },
      problems,
      fourEyes: rules.fourEyes,
      pending:
        pending &&
        viewProposal(pending, decisionInWords(pending.decision as HoldDecision, offered), user, {
          confirm: pathTo('confirmHold', { hold: hold.id }),
          withdraw: pathTo('withdrawHold', { hold: hold.id }),
        }),
      ...(isOpen &&
        pending === undefined &&
        user.roles.includes('engineer') && {
          action: pathTo('decideHold', { hold: hold.id }),
          choices: offered.map((one) => ({ ...one, chosen: one.value === form.get('choice') })),
          systems: (question?.targets ?? []).map((system) => ({ system, chosen: system === form.get('system') })),
          equivalences: TARGET_EQUIVALENCES.map((word) => ({ word, chosen: word === form.get('equivalence') })),
          code: form.get('code') ?? '',
          reason: form.get('reason') ?? '',
        }),
    },
  };
}

function decisionInWords(
  { choice, mapTo, equivalence, reason }: HoldDecision,
  offered: ReturnType<typeof choicesFor>,
): string[] {
  const text = offered.find(({ value }) => value === choice)?.text ?? choice;
  return [mapTo === undefined ? text : `${text}: ${mapTo} (${equivalence})`, `Why: ${reason}`];
}

function namesOf(partners: ConsoleParts['partners']): Readonly<Record<string, string>> {
  return Object.fromEntries(partners.map(({ id, name }) => [id, name]));
}
