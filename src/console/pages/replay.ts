import type { KeptMapping, Message } from '../../core/message.ts';
import type { ConsoleParts } from '../console-parts.ts';
import type { ReplayWanted } from '../engine-desk.ts';
import { openProposal, propose, settleProposal } from '../four-eyes/proposals.ts';
import { NOT_SETTLED, PROPOSED, TAKEN, versionIn, viewProposal, WITHDRAWN } from '../four-eyes/view-proposal.ts';
import { isUnmasked, unmaskModel } from '../mask/unmasked.ts';
import { type AskedByUser, type Flash, type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';
import { actorOf } from '../session/console-user.ts';
import { LONGEST_REASON } from './holds/hold-words.ts';
import { lookAt, seenMessage, unmaskedAs } from './message.ts';
import { versionsToChoose, viewReplay } from './replay/view-replay.ts';

export const replayPages = {
  async replay(asked, parts) {
    const message = await seenMessage(asked, parts);
    return message === undefined ? NOT_FOUND : replayPage(message, asked, parts, chosenIn(asked.query));
  },

  async doReplay(asked, parts) {
    const message = await seenMessage(asked, parts);
    if (message === undefined) return NOT_FOUND;
    const { form, user } = asked;
    const [chosen, seen, reason] = [chosenIn(form), form.get('seen') ?? '', (form.get('reason') ?? '').trim()];
    const wrong =
      reason === ''
        ? 'Say why. It is written into the log.'
        : [...reason].length > LONGEST_REASON
          ? `A reason has at most ${LONGEST_REASON} characters.`
          : undefined;
    if (wrong !== undefined) return replayPage(message, asked, parts, chosen, { text: wrong, href: '#reason' });
    const wanted: ReplayWanted = {
      ...{ message: message.id, reason },
      ...(chosen !== undefined && { mapping: chosen }),
      ...(seen !== '' && { seen }),
    };
    if (parts.rules.fourEyes) return proposeReplay(message, wanted, asked, parts);
    const done = await parts.desk.replay(wanted, actorOf(user));
    if (done.kind === 'refused') return replayPage(message, asked, parts, chosen, { text: done.why, href: '#reason' });
    if (done.kind === 'changed') return replayPage(message, asked, parts, chosen, CHANGED);
    return {
      kind: 'see-other',
      to: pathTo('message', { message: message.id }),
      flash: DONE,
    };
  },

  async confirmReplay(asked, parts) {
    const message = await seenMessage(asked, parts);
    if (message === undefined) return NOT_FOUND;
    const { id } = message;
    const to = pathTo('replay', { message: id });
    const as = { version: versionIn(asked.form), as: 'confirmed' } as const;
    const settled = await settleProposal({ message: id }, as, givenOf(message, asked, parts));
    if (settled.kind !== 'settled') return { kind: 'see-other', to, flash: NOT_SETTLED[settled.kind] };
    const done = await parts.desk.replay(settled.decision as ReplayWanted, actorOf(asked.user));
    if (done.kind === 'done') return { kind: 'see-other', to: pathTo('message', { message: id }), flash: DONE };
    return {
      kind: 'see-other',
      to,
      flash: { kind: 'problem', text: done.kind === 'changed' ? CHANGED.text : done.why },
    };
  },

  async withdrawReplay(asked, parts) {
    const message = await seenMessage(asked, parts);
    if (message === undefined) return NOT_FOUND;
    const as = { version: versionIn(asked.form), as: 'withdrawn' } as const;
    const settled = await settleProposal({ message: message.id }, as, givenOf(message, asked, parts));
    const flash = settled.kind === 'settled' ? WITHDRAWN : NOT_SETTLED[settled.kind];
    return { kind: 'see-other', to: pathTo('replay', { message: message.id }), flash };
  },
} satisfies Pick<Handlers, 'replay' | 'doReplay' | 'confirmReplay' | 'withdrawReplay'>;

const DONE: Flash = { kind: 'success', text: 'It is done again. The engine works on it now.' };

function givenOf({ referral }: Message, { user, now }: AskedByUser, { record }: ConsoleParts) {
  return { record, user, now, referral };
}

async function proposeReplay(
  message: Message,
  wanted: ReplayWanted,
  asked: AskedByUser,
  parts: ConsoleParts,
): Promise<PageAnswer> {
  const version = wanted.seen === undefined ? {} : { mappingDigest: wanted.seen };
  const detail = { ...version, reason: wanted.reason };
  const done = await propose({ message: message.id }, { decision: wanted, detail }, givenOf(message, asked, parts));
  const flash = done === 'proposed' ? PROPOSED : TAKEN;
  return { kind: 'see-other', to: pathTo('replay', { message: message.id }), flash };
}

const CHANGED = {
  text: 'Another version of the mapping is in use since you looked: this is what would differ now.',
  href: '#differences',
};

interface Problem {
  readonly text: string;
  readonly href: string;
}

function chosenIn(given: URLSearchParams): string | undefined {
  const digest = given.get('with') ?? '';
  return /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}

async function replayPage(
  message: Message,
  { user, shelf, form }: AskedByUser,
  { desk, store, partners, record, rules }: ConsoleParts,
  chosen: string | undefined,
  problem?: Problem,
): Promise<PageAnswer> {
  const { id, referral } = message;
  const pending = await openProposal({ message: id }, record);
  // Whoever confirms must see what was proposed, with the version that was chosen for it.
  const proposed = pending?.decision as ReplayWanted | undefined;
  const [preview, lineage, unmasked] = await Promise.all([
    desk.preview(id, pending === undefined ? chosen : proposed?.mapping),
    desk.lineage(message),
    isUnmasked(unmaskedAs(message), shelf),
  ]);
  const name = preview.version?.mapping.name ?? (lineage.kind === 'run' ? lineage.run.mapping.name : undefined);
  const kept = name === undefined ? [] : await store.keptMappings({ name });
  const showsValues = unmasked && (preview.version?.differences.length ?? 0) > 0;
  const nameOf = (partner: string) => partners.find((one) => one.id === partner)?.name ?? partner;
  const here = pathTo('replay', { message: id });
  return {
    kind: 'page',
    view: 'replay',
    title: 'Do a message again',
    status: problem === undefined ? 200 : 422,
    model: {
      ...viewReplay(preview, { unmasked, roles: user.roles }, nameOf),
      id,
      message: pathTo('message', { message: id }),
      problems: problem === undefined ? [] : [problem],
      versions: versionsToChoose(kept, chosen),
      choose: here,
      chosen: chosen ?? '',
      seen: preview.version?.mapping.digest ?? '',
      action: pathTo('doReplay', { message: id }),
      reason: form.get('reason') ?? '',
      unmasked,
      fourEyes: rules.fourEyes,
      pending:
        pending &&
        viewProposal(pending, proposedInWords(pending.decision as ReplayWanted, kept), user, {
          confirm: pathTo('confirmReplay', { message: id }),
          withdraw: pathTo('withdrawReplay', { message: id }),
        }),
      ...(referral !== undefined && { unmask: unmaskModel(referral, here) }),
    },
    looks: [
      showsValues
        ? lookAt(message)
        : { kind: 'replay.planned', message: id, ...(referral !== undefined && { referral }) },
    ],
  };
}

function proposedInWords({ seen, reason }: ReplayWanted, kept: readonly KeptMapping[]): string[] {
  const version = kept.find(({ digest }) => digest === seen)?.version;
  const how = seen === undefined ? 'Do it again' : `Do it again with version ${version ?? seen} of its mapping`;
  return [how, `Why: ${reason}`];
}
