import { randomBytes } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import helmet from 'helmet';
import { accessOf, judgeAccess, ROUTE_NAMES, type RouteAccess, type RouteName } from './access.ts';
import { type Answering, sendAnswer } from './answer.ts';
import type { ConsoleParts } from './console-parts.ts';
import { faultPage } from './faults.ts';
import { isFromOwnPage, readForm } from './form.ts';
import type { Asked, AskedByUser, Handler, Handlers, OpenHandler, PageAnswer } from './page.ts';
import { ALL_PAGES } from './pages/all-pages.ts';
import { pathTo } from './paths.ts';
import { refusalPage } from './refusal-page.ts';
import { actorOf } from './session/console-user.ts';
import { dropCookie, readCookie } from './session/cookies.ts';
import { isFormToken } from './session/secret.ts';
import { sessionOf } from './session/sessions.ts';
import { openShelf } from './session/shelf.ts';

/** The console as one router, made from the table of routes; it is served under `CONSOLE_PATH`. */
export function consoleRouter(parts: ConsoleParts, pages: Handlers = ALL_PAGES): Router {
  const router = express.Router({ caseSensitive: true });
  router.use(securityHeaders());
  for (const name of ROUTE_NAMES) {
    const { method, path } = accessOf(name);
    const serve: RequestHandler = (request, response) => serveRoute(name, pages, { request, response, parts });
    if (method === 'GET') router.get(path, serve);
    else router.post(path, serve);
  }
  router.use((request, response) => sendAnswer(refusalPage(404), newAnswering({ request, response, parts })));
  router.use(faultPage(parts, newAnswering));
  return router;
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly parts: ConsoleParts;
}

/**
 * Nothing of another origin is loaded, framed or posted to, and no script runs but our own files and the one line of the NHS template.
 * `same-origin`: without a referrer browsers leave the origin out of a form as well, and it is asked for.
 */
function securityHeaders(): RequestHandler {
  const nonceOf = (response: unknown) => `'nonce-${(response as Response).locals['nonce']}'`;
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", (_request, response) => nonceOf(response)],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  });
  return (request, response, next) => {
    response.locals['nonce'] = randomBytes(16).toString('base64');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()');
    headers(request, response, next);
  };
}

/** Who asks, whether they may, whether it is from a page of ours; only then what is asked. */
async function serveRoute(name: RouteName, pages: Handlers, exchange: Exchange): Promise<void> {
  const { request, response, parts } = exchange;
  const route = accessOf(name);
  const answering = await newAnsweringOf(route, name, exchange);
  const access = judgeAccess(route, answering.session);
  if (access === 'sign-in-first') {
    if (answering.secret !== undefined) response.append('set-cookie', dropCookie('session', answering.cookies));
    const next = route.method === 'GET' ? new URL(request.originalUrl, 'http://console').pathname : undefined;
    return sendAnswer({ kind: 'see-other', to: pathTo('signIn', {}, { next }) }, answering);
  }
  if (access === 'forbidden') {
    await noteRefusal(name, answering);
    return sendAnswer(refusalPage(403), answering);
  }
  const form = await readForm(request, response, route);
  if (route.method === 'POST' && !isOurs(request, form, answering)) {
    parts.log.warn('console.form-refused', { route: name });
    return sendAnswer(refusalPage(403, FORM_REFUSED), answering);
  }
  await sendAnswer(await answerOf(name, pages, { form, answering }), answering);
}

const FORM_REFUSED =
  'This form was not sent from a page of this session, or the page is too old. Go back, load it again, and send it again.';

function isOurs(request: Request, form: URLSearchParams, { secret, formSecret }: Answering): boolean {
  const bound = secret ?? formSecret;
  return bound !== undefined && isFromOwnPage(request) && isFormToken(form.get('form') ?? '', bound);
}

async function answerOf(
  name: RouteName,
  pages: Handlers,
  { form, answering }: { readonly form: URLSearchParams; readonly answering: Answering },
): Promise<PageAnswer> {
  const { request, response, parts, now, session, held } = answering;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const asked: Asked = {
    route: name,
    parameters: parametersOf(request),
    query: new URL(request.originalUrl, 'http://console').searchParams,
    form,
    now,
    address: request.ip ?? '',
    ...(held !== undefined && { held }),
    signal: gone.signal,
  };
  if (accessOf(name).roles === 'anyone') return (pages[name] as OpenHandler)(asked, parts);
  // `judgeAccess` let nobody through without one.
  if (session === undefined || answering.shelf === undefined) throw new Error('a route for users without a session');
  const { user, roles, partners } = session;
  const byUser: AskedByUser = {
    ...asked,
    user: { name: user, roles, ...(partners !== undefined && { partners }) },
    session,
    shelf: answering.shelf,
  };
  return (pages[name] as Handler)(byUser, parts);
}

function parametersOf({ params }: Request): Record<string, string> {
  const all = Object.entries(params as Readonly<Record<string, string | readonly string[]>>);
  return Object.fromEntries(all.map(([key, value]) => [key, typeof value === 'string' ? value : value.join('/')]));
}

/** Somebody asked for what is not theirs: an auditor will want to know. */
async function noteRefusal(route: RouteName, { session, now, parts }: Answering): Promise<void> {
  if (session === undefined) return;
  const actor = actorOf({ name: session.user });
  await parts.record.changeConsole({
    journal: [{ at: now.toISOString(), kind: 'user.refused', actor, detail: { page: route } }],
  });
}

async function newAnsweringOf(route: RouteAccess, name: RouteName, exchange: Exchange): Promise<Answering> {
  const answering = { ...newAnswering(exchange), route: name };
  const { request, parts, now, cookies } = answering;
  if (route.roles === 'anyone') {
    const formSecret = readCookie(request.headers.cookie, 'form', cookies);
    const held = readCookie(request.headers.cookie, 'open-id', cookies);
    const kept = { ...(formSecret !== undefined && { formSecret }), ...(held !== undefined && { held }) };
    return { ...answering, isOpen: true, ...kept };
  }
  const secret = readCookie(request.headers.cookie, 'session', cookies);
  const session = await sessionOf(secret, { record: parts.record, now, rules: parts.rules });
  if (secret === undefined || session === undefined) return { ...answering, ...(secret !== undefined && { secret }) };
  return { ...answering, secret, session, shelf: openShelf(session.id, parts.record, now) };
}

function newAnswering({ request, response, parts }: Exchange): Answering {
  // A browser that another site sends here would not show a strict cookie to the page that it is sent on to.
  const sameSite = parts.openId === undefined ? 'strict' : 'lax';
  const cookies = { secure: parts.rules.secure, sameSite } as const;
  return { request, response, parts, now: parts.clock.now(), cookies };
}
