import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { ConsoleSession } from '../ports-console.ts';
import { accessOf, judgeAccess, ROUTE_NAMES, type RouteName } from './access.ts';
import type { ConsoleParts } from './console-parts.ts';
import type { Flash, Look, PageAnswer } from './page.ts';
import { pathTo } from './paths.ts';
import { refusalPage } from './refusal-page.ts';
import { type Frame, renderPage } from './render.ts';
import { actorOf } from './session/console-user.ts';
import { dropCookie, setCookie } from './session/cookies.ts';
import { formTokenOf, newSecret } from './session/secret.ts';
import type { Shelf } from './session/shelf.ts';

/** One request on its way to its answer. */
export interface Answering {
  readonly request: Request;
  readonly response: Response;
  readonly parts: ConsoleParts;
  readonly now: Date;
  readonly cookies: { readonly secure: boolean; readonly sameSite: 'strict' | 'lax' };
  /** Absent where no route fits. */
  readonly route?: RouteName;
  /** True for a route that anybody may use: its form is bound to a cookie of its own. */
  readonly isOpen?: true;
  /** What the browser holds of its session. */
  readonly secret?: string;
  readonly formSecret?: string;
  /** What it was given when it was sent elsewhere to sign in. */
  readonly held?: string;
  readonly session?: ConsoleSession;
  readonly shelf?: Shelf;
}

/** Sends an answer. Looks are written down first: nobody is shown what the log does not know of. */
export async function sendAnswer(answer: PageAnswer, answering: Answering): Promise<void> {
  const { response } = answering;
  switch (answer.kind) {
    case 'page': {
      const frame = await frameOf(answering);
      // Rendered before the look is written: a page that cannot be made shows nothing.
      const html = renderPage(answer, frame);
      await writeLooks(answer.looks, answering);
      response
        .status(answer.status ?? 200)
        .type('html')
        .send(html);
      return;
    }
    case 'see-other':
      return sendElsewhere(answer, answering);
    case 'elsewhere':
      response.append('set-cookie', setCookie('open-id', answer.holds, answering.cookies));
      response.status(303).setHeader('location', answer.to.href).end();
      return;
    case 'download':
      await writeLooks(answer.looks, answering);
      return sendDownload(answer, answering);
    case 'asset':
      response.setHeader('cache-control', 'public, max-age=31536000, immutable');
      response.type(answer.contentType).send(Buffer.from(answer.bytes));
      return;
    case 'refused':
      return sendAnswer(refusalPage(answer.status, answer.text), answering);
  }
}

async function sendElsewhere(
  { to, flash, signedIn, signedOut }: Extract<PageAnswer, { kind: 'see-other' }>,
  { response, shelf, cookies, held }: Answering,
): Promise<void> {
  if (flash !== undefined) await shelf?.put(FLASH, flash, FLASH_MS);
  if (signedIn !== undefined) {
    response.append('set-cookie', setCookie('session', signedIn, cookies));
    // Good once: who comes with the same answer again begins anew.
    if (held !== undefined) response.append('set-cookie', dropCookie('open-id', cookies));
  }
  if (signedOut) response.append('set-cookie', dropCookie('session', cookies));
  response.status(303).setHeader('location', to).end();
}

async function sendDownload(
  { filename, contentType, body }: Extract<PageAnswer, { kind: 'download' }>,
  { response }: Answering,
): Promise<void> {
  const name = filename.replace(/[^A-Za-z0-9._-]+/g, '-');
  response.setHeader('content-type', contentType);
  response.setHeader('content-disposition', `attachment; filename="${name}"`);
  // A fault in the middle ends the connection: what arrived must not look whole.
  await pipeline(Readable.from(body), response);
}

const FLASH = 'flash';
const FLASH_MS = 60_000;

async function writeLooks(
  looks: readonly Look[] | undefined,
  { route, session, now, parts }: Answering,
): Promise<void> {
  const shows = route === undefined ? 'nothing' : accessOf(route).shows;
  if (shows === 'patients' && looks === undefined) throw new Error(`${route} shows patients and does not say whom`);
  if (looks === undefined || looks.length === 0) return;
  if (shows === 'nothing' || shows === 'codes' || session === undefined)
    throw new Error(`${route} may show no patient`);
  const actor = actorOf({ name: session.user });
  await parts.record.changeConsole({
    journal: looks.map(({ kind, referral, message }) => ({
      at: now.toISOString(),
      kind,
      actor,
      ...(referral !== undefined && { referral }),
      ...(message !== undefined && { message }),
      detail: { by: 'console', page: String(route) },
    })),
  });
}

async function frameOf(answering: Answering): Promise<Frame> {
  const { request, response, parts, now, session } = answering;
  const flash = await takeFlash(answering);
  return {
    nonce: String(response.locals['nonce']),
    assets: `${parts.files.pathOf('x').slice(0, -1)}`,
    ...(session !== undefined && {
      user: {
        name: session.user,
        roles: session.roles.join(', '),
        ...(session.partners !== undefined && { partners: session.partners.join(', ') }),
      },
    }),
    navigation: navigationOf(answering),
    formToken: formTokenFor(answering),
    ...(flash !== undefined && { flash }),
    madeAt: now.toISOString(),
    here: new URL(request.originalUrl, 'http://console').pathname,
  };
}

/** A form for nobody in particular is bound to a cookie of its own, made with the first page that has one. */
function formTokenFor({ response, isOpen, secret, formSecret, session, cookies }: Answering): string {
  if (session !== undefined && secret !== undefined) return formTokenOf(secret);
  if (isOpen === undefined) return '';
  if (formSecret !== undefined) return formTokenOf(formSecret);
  const made = newSecret();
  response.append('set-cookie', setCookie('form', made, cookies));
  return formTokenOf(made);
}

function navigationOf({ session, route }: Answering): Frame['navigation'] {
  if (session === undefined) return [];
  return ROUTE_NAMES.flatMap((name) => {
    const access = accessOf(name);
    if (access.navigation === undefined || judgeAccess(access, session) !== 'allowed') return [];
    return [{ href: pathTo(name), text: access.navigation, current: name === route }];
  });
}

async function takeFlash({ shelf }: Answering): Promise<Flash | undefined> {
  const flash = (await shelf?.get(FLASH)) as Flash | undefined;
  if (flash !== undefined) await shelf?.forget(FLASH);
  return flash;
}
