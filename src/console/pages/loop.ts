import { renderCertificate } from '../../core/loop/shown/render-certificate.ts';
import { stateRow } from '../../core/loop/states.ts';
import type { Referral } from '../../core/referral.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { isUnmasked, unmaskModel } from '../mask/unmasked.ts';
import { type AskedByUser, type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';
import { maySee } from '../session/console-user.ts';
import { withInstantsInWords } from '../words.ts';
import { maySeeHolds, maySeeMessagesOf, maySeePatient } from './loops/may-see.ts';
import { otherPlatforms, theirPart } from './loops/their-part.ts';
import { viewNeeds } from './loops/view-needs.ts';
import { viewPatient } from './loops/view-patient.ts';
import { type Opens, viewTimeline } from './loops/view-timeline.ts';

export const loopPages = {
  async loop(asked, parts) {
    const referral = await seenReferral(asked, parts);
    return referral === undefined ? NOT_FOUND : loopPage(referral, asked, parts);
  },

  async certificate(asked, parts) {
    const referral = await certifiedTo(asked, parts);
    const certificate = referral && (await parts.desk.certify(referral.id));
    if (referral === undefined || certificate === undefined) return NOT_FOUND;
    const file = (form: string) => pathTo('certificateFile', { referral: referral.id, form });
    return {
      kind: 'page',
      view: 'certificate',
      title: 'Certificate of a loop',
      model: {
        loop: pathTo('loop', { referral: referral.id }),
        text: renderCertificate(certificate),
        files: { text: file('text'), json: file('json') },
      },
      looks: [{ kind: 'certificate.read', referral: referral.id }],
    };
  },

  async certificateFile(asked, parts) {
    const { form = '' } = asked.parameters;
    const referral = await certifiedTo(asked, parts);
    const certificate = referral && (await parts.desk.certify(referral.id));
    if (certificate === undefined || !(form === 'text' || form === 'json')) return NOT_FOUND;
    const isText = form === 'text';
    const body = isText ? renderCertificate(certificate) : `${JSON.stringify(certificate, null, 2)}\n`;
    return {
      kind: 'download',
      filename: `certificate-${certificate.referral}.${isText ? 'txt' : 'json'}`,
      contentType: isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
      body: once(body),
      looks: [{ kind: 'certificate.read', referral: certificate.referral }],
    };
  },
} satisfies Pick<Handlers, 'loop' | 'certificate' | 'certificateFile'>;

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function seenReferral({ user, parameters }: AskedByUser, { store }: ConsoleParts): Promise<Referral | undefined> {
  const referral = await store.referral(parameters['referral'] ?? '');
  return referral !== undefined && maySee(user, referral) ? referral : undefined;
}

/** A certificate speaks of the whole loop: it is not for whoever may see a part of it. */
async function certifiedTo(asked: AskedByUser, parts: ConsoleParts): Promise<Referral | undefined> {
  const referral = await seenReferral(asked, parts);
  return referral !== undefined && otherPlatforms(asked.user, referral).size === 0 ? referral : undefined;
}

async function loopPage(referral: Referral, asked: AskedByUser, parts: ConsoleParts): Promise<PageAnswer> {
  const { user, now, shelf } = asked;
  const { store, desk, partners } = parts;
  const { id } = referral;
  const whole = await desk.describe(id, now.toISOString());
  if (whole === undefined) return NOT_FOUND;
  const [dossier, allEvents, allLegs, allMessages, allOpen, allResolved, isOpened] = await Promise.all([
    store.dossier(id),
    store.events(id),
    store.legs(id),
    store.messagesOf(id),
    store.holds({ open: true, referral: id }),
    store.holds({ open: false, referral: id }),
    isUnmasked(id, shelf),
  ]);
  const others = otherPlatforms(user, referral);
  const { described, events, legs, messages, openHolds, resolvedHolds } = theirPart(
    {
      ...{ described: whole, events: allEvents, legs: allLegs, messages: allMessages },
      ...{ openHolds: allOpen, resolvedHolds: allResolved },
    },
    others,
  );
  const names = Object.fromEntries(partners.map((one) => [one.id, one.name]));
  const showsPatient = maySeePatient(user, referral);
  const unmasked = isOpened && showsPatient;
  const seen = { unmasked, roles: user.roles };
  const opens: Opens = {
    message: (message, partner) => (maySeeMessagesOf(user, partner) ? pathTo('message', { message }) : undefined),
    hold: (hold) => (maySeeHolds(user) ? pathTo('hold', { hold }) : undefined),
  };
  return {
    kind: 'page',
    view: 'loop',
    title: `Loop ${id}`,
    model: {
      id,
      isOpen: referral.status === 'open',
      practice: names[referral.referrer] ?? referral.referrer,
      openedAt: referral.openedAt,
      closedAt: referral.closedAt,
      told: described.closure.level,
      labels: described.closure.labels,
      state: stateRow(described.state.kind).display,
      children: described.children.map(({ partner = '', kind, since, cancel }) => ({
        ...{ name: names[partner] ?? partner, state: stateRow(kind).display, since },
        cancel: cancel === 'none' ? '' : cancel,
      })),
      owes: described.owes.map(({ words, late }) => ({ words: withInstantsInWords(words), late })),
      openHolds: openHolds.map(({ id: hold, kind, openedAt }) => ({
        ...{ kind: kind.replaceAll('-', ' '), openedAt },
        href: opens.hold(hold),
      })),
      ...(showsPatient ? viewNeeds(dossier, desk) : { needs: [], services: [] }),
      patient: showsPatient ? viewPatient(dossier, seen) : [],
      showsPatient,
      unmasked,
      unmask: unmaskModel(id, pathTo('loop', { referral: id })),
      ...(others.size === 0 && { certificate: pathTo('certificate', { referral: id }) }),
      timeline: viewTimeline({
        ...{ described, events, legs, messages, names, unmasked, user },
        holds: [...openHolds, ...resolvedHolds],
        readings: described.readings,
        opens,
      }),
    },
    looks: [{ kind: unmasked ? 'patient.read' : 'loop.read', referral: id }],
  };
}
